"""Bringing objects that exist already under management.

From the API's answers to a program and an import file, one module for each step:

| module | what it does |
|---|---|
| `workspace` | reads what exists |
| `stack_contents` | reads what the stack has already |
| `selection` | chooses |
| `naming` | names resources and variables |
| `arguments` | decides which arguments the program states |
| `literals`, `program` | write the program |
| `import_file` | writes the file that `pulumi import` takes |
| `project` | knows where a project's program stands |
| `files` | writes files, and never over others |
| `finish` | knows the commands that finish the job, and runs them |

The preview is empty because both sides come from one source: `arguments` says what the program states, and `lifecycle`
makes of it, and of the API's answer, the state that a deployment of that program would have left. So an answer stays as
it was sent: a model of `api.models` reads some values otherwise than a deployment does.
"""
