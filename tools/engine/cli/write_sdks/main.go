// Command write_sdks writes the SDKs of a Pulumi package from its schema: write_sdks SCHEMA FOLDER.
//
// It stands in this module because it takes the same packages, in the same versions, as the CLI.
package main

import (
	"encoding/json"
	"log"
	"os"
	"path/filepath"

	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

const tool = "warehouse-sync-pulumi"

func main() {
	content, err := os.ReadFile(os.Args[1])
	must(err)
	var spec schema.PackageSpec
	must(json.Unmarshal(content, &spec))

	files, err := python.GeneratePackage(tool, bound(spec), nil, nil)
	must(err)
	write(filepath.Join(os.Args[2], "python"), files)
	files, err = nodejs.GeneratePackage(tool, bound(spec), nil, nil, false, nil)
	must(err)
	write(filepath.Join(os.Args[2], "nodejs"), files)
}

// Each language gets a package of its own, since it writes what it knows into it.
func bound(spec schema.PackageSpec) *schema.Package {
	bound, complaints, err := schema.BindSpec(spec, schema.NewNullLoader(), schema.ValidationOptions{})
	must(err)
	if complaints.HasErrors() {
		log.Fatal(complaints)
	}
	return bound
}

func write(folder string, files map[string][]byte) {
	for name, content := range files {
		file := filepath.Join(folder, name)
		must(os.MkdirAll(filepath.Dir(file), 0o755))
		must(os.WriteFile(file, content, 0o644))
	}
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
