"""The packaged provider in a Python program without a generated SDK, under the names of the dynamic resources."""

import pulumi

from warehouse_sync_pulumi import connection, data_model, pipeline, pipeline_run
from warehouse_sync_pulumi.engine.spelling import camel, snake

__all__ = ["Connection", "DataModel", "Pipeline", "PipelineRun"]


class _Direct(pulumi.CustomResource):
    outputs = frozenset()

    def __init__(self, resource_name, *, opts=None, **args):
        alias = pulumi.Alias(type_=f"pulumi-python:dynamic/warehouse-sync:{type(self).__name__}")
        opts = pulumi.ResourceOptions.merge(pulumi.ResourceOptions(aliases=[alias]), opts)
        props = dict.fromkeys(self.outputs) | args
        super().__init__(f"warehouse-sync:index:{type(self).__name__}", resource_name, props, opts)

    @classmethod
    def get(cls, resource_name, id, opts=None, **args):  # noqa: A002 - its name in all of Pulumi's packages
        return cls(resource_name, opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(id=id)), **args)

    def translate_input_property(self, prop):
        return camel(prop)

    def translate_output_property(self, prop):
        return snake(prop)


class Connection(_Direct):
    outputs = connection.Connection.output_names()


class DataModel(_Direct):
    outputs = data_model.DataModel.output_names()


class Pipeline(_Direct):
    outputs = pipeline.Pipeline.output_names()


class PipelineRun(_Direct):
    outputs = pipeline_run.PipelineRun.output_names()
