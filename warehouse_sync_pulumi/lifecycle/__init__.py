"""What happens to objects and pipeline runs between a program and the API. It knows neither Pulumi's wire nor HTTP."""
