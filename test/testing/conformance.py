"""Walks the control plane of Amazon Bedrock and holds each answer against botocore's model of the service.

Prints one JSON document: the operations that were answered, the errors that were met, and everything that differs.
Usage: conformance.py TRAINING_FILE VALIDATION_FILE MODEL_FOLDER
"""

import json
import pathlib
import re
import sys
import time

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

training, validation, model_folder = sys.argv[1:4]
haiku = "anthropic.claude-3-haiku-20240307-v1:0:200k"
nova = "amazon.nova-lite-v1:0:300k"
role = "arn:aws:iam::000000000000:role/Conformance"
stamp = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")

operations, errors, problems = set(), set(), []


def check(shape, value, place):
    def wrong(what):
        problems.append(f"{place}: {what}: {json.dumps(value)[:200]}")

    kind = shape.type_name
    if kind == "structure":
        if not isinstance(value, dict):
            return wrong("no object")
        for name in shape.required_members:
            if name not in value:
                wrong(f"{name} is missing")
        for name, member in value.items():
            if name not in shape.members:
                wrong(f"{name} is not known")
            else:
                check(shape.members[name], member, f"{place}.{name}")
    elif kind == "list":
        if not isinstance(value, list):
            return wrong("no list")
        for at, member in enumerate(value):
            check(shape.member, member, f"{place}[{at}]")
    elif kind == "map":
        for name, member in value.items():
            check(shape.key, name, f"{place} key")
            check(shape.value, member, f"{place}.{name}")
    elif kind == "timestamp":
        if not isinstance(value, str) or not stamp.fullmatch(value):
            wrong("no RFC 3339 time in UTC")
    elif kind == "string":
        if not isinstance(value, str):
            return wrong("no string")
        limits = shape.metadata
        if "enum" in limits and value not in limits["enum"]:
            wrong(f"none of {limits['enum']}")
        if "pattern" in limits and not re.fullmatch(limits["pattern"], value):
            wrong(f"does not match {limits['pattern']}")
        # The name says which local base answers, which takes more than the 20 letters of the model.
        if shape.name == "BrandedName":
            return
        if not limits.get("min", 0) <= len(value) <= limits.get("max", len(value)):
            wrong("too short or too long")
    elif kind == "boolean":
        if not isinstance(value, bool):
            wrong("no boolean")
    elif kind in ("integer", "long", "float", "double"):
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            wrong("no number")


def answered(operation_model, response_dict, **_):
    name, status = operation_model.name, response_dict["status_code"]
    headers, body = response_dict["headers"], response_dict["body"]
    if "x-amzn-requestid" not in headers:
        problems.append(f"{name}: no x-amzn-requestid")
    if not headers.get("content-type", "").startswith("application/json"):
        problems.append(f"{name}: content type {headers.get('content-type')}")
    parsed = json.loads(body)
    if status < 300:
        operations.add(name)
        if status != operation_model.http.get("responseCode", 200):
            problems.append(f"{name}: status {status}")
        check(operation_model.output_shape, parsed, name)
        return
    code = headers.get("x-amzn-errortype", "")
    errors.add(f"{name} {code}")
    shapes = {shape.name: shape for shape in operation_model.error_shapes}
    # Every operation checks its input, though the model of some does not list it.
    expected = {"ValidationException": 400}.get(code)
    if code in shapes:
        expected = shapes[code].metadata["error"]["httpStatusCode"]
        check(shapes[code], parsed, f"{name} {code}")
    if status != expected:
        problems.append(f"{name}: {code} with status {status}")


def client(region):
    made = boto3.client("bedrock", region_name=region, config=Config(parameter_validation=False))
    made.meta.events.register("before-parse.bedrock", answered)
    return made


bedrock, other_region = client("us-west-2"), client("us-east-1")


def refused(code, call, **asked):
    try:
        call(**asked)
    except ClientError as error:
        found = error.response["Error"]["Code"]
        if found != code:
            problems.append(f"{call.__name__} {json.dumps(asked)[:300]}: {found} instead of {code}: {error}")
    else:
        problems.append(f"{call.__name__} {json.dumps(asked)[:300]}: answered instead of {code}")


def until(call, going, **asked):
    while going((found := call(**asked))):
        time.sleep(0.2)
    return found


s3 = boto3.client("s3", region_name="us-west-2")
s3.create_bucket(Bucket="conform", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
s3.upload_file(training, "conform", "train.jsonl")
s3.upload_file(validation, "conform", "val.jsonl")
for file in pathlib.Path(model_folder).iterdir():
    s3.upload_file(str(file), "conform", f"model/{file.name}")

tags = [{"key": "team", "value": "claims"}]
key = "arn:aws:kms:us-west-2:000000000000:key/12345678-1234-1234-1234-123456789012"
network = {"subnetIds": ["subnet-1"], "securityGroupIds": ["sg-1"]}
request = {
    "jobName": "job-1.a+b",
    "customModelName": "model_1",
    "roleArn": role,
    "baseModelIdentifier": haiku,
    "jobTags": tags,
    "customModelTags": tags,
    "customModelKmsKeyId": key,
    "vpcConfig": network,
    "trainingDataConfig": {"s3Uri": "s3://conform/train.jsonl"},
    "validationDataConfig": {"validators": [{"s3Uri": "s3://conform/val.jsonl"}] * 2},
    "outputDataConfig": {"s3Uri": "s3://conform/out/"},
    "hyperParameters": {"epochCount": "1", "batchSize": "8"},
}
create = bedrock.create_model_customization_job
many_tags = [{"key": str(number), "value": ""} for number in range(51)]
for code, change in [
    ("ValidationException", {"jobName": "-leading"}),
    ("ValidationException", {"jobName": "-" * 62 + "!"}),
    ("ValidationException", {"jobName": "a" * 64}),
    ("ValidationException", {"customModelName": "double--hyphen"}),
    ("ValidationException", {"roleArn": "arn:aws:iam::1:role/x"}),
    ("ValidationException", {"clientRequestToken": "-x"}),
    ("ValidationException", {"baseModelIdentifier": "with space"}),
    ("ValidationException", {"customizationType": "SOMETHING"}),
    ("ValidationException", {"customizationType": "DISTILLATION"}),
    ("ValidationException", {"customModelKmsKeyId": "not a key"}),
    ("ValidationException", {"jobTags": tags * 2}),
    ("ValidationException", {"jobTags": [{"key": "a;b", "value": ""}]}),
    ("TooManyTagsException", {"jobTags": many_tags}),
    ("TooManyTagsException", {"customModelTags": many_tags}),
    ("ValidationException", {"trainingDataConfig": {"s3Uri": "s3://Upper/train.jsonl"}}),
    ("ValidationException", {"trainingDataConfig": {"s3Uri": "s3://conform//train.jsonl"}}),
    ("ValidationException", {"trainingDataConfig": {}}),
    ("ValidationException", {"trainingDataConfig": {"invocationLogsConfig": {}}}),
    ("ValidationException", {"customizationConfig": {"distillationConfig": {}}}),
    ("ValidationException", {"validationDataConfig": {"validators": [{"s3Uri": "s3://conform/a"}] * 11}}),
    ("ValidationException", {"outputDataConfig": {}}),
    ("ValidationException", {"hyperParameters": {"epochCount": "1.5"}}),
    ("ValidationException", {"hyperParameters": {"epochCount": "0"}}),
    ("ValidationException", {"hyperParameters": {"unknown": "1"}}),
    ("ValidationException", {"vpcConfig": {"subnetIds": [], "securityGroupIds": ["sg-1"]}}),
]:
    refused(code, create, **{**request, **change})

# An id stands for its key; an alias is taken, and tells none.
request["customModelKmsKeyId"] = key.split("/")[1]
job = create(**request)["jobArn"]
refused("ConflictException", create, **request)
refused("ConflictException", create, **{**request, "jobName": "job-2"})
busy = create(
    **{**request, "jobName": "job-3", "customModelName": "model-3", "customModelKmsKeyId": "alias/mine"}
)["jobArn"]
bedrock.stop_model_customization_job(jobIdentifier=busy)
refused("ResourceNotFoundException", bedrock.get_model_customization_job, jobIdentifier="unknown")
refused("ValidationException", bedrock.get_model_customization_job, jobIdentifier="no id")
refused("ResourceNotFoundException", bedrock.stop_model_customization_job, jobIdentifier="unknown")
state = until(bedrock.get_model_customization_job, lambda it: it["status"] == "InProgress", jobIdentifier=job)
if state["status"] != "Completed" or len(state["validationMetrics"]) != 2:
    problems.append(f"the job ended so: {state}")
refused("ConflictException", bedrock.stop_model_customization_job, jobIdentifier=job)
until(bedrock.get_model_customization_job, lambda it: it["status"] in ("InProgress", "Stopping"), jobIdentifier=busy)
model = state["outputModelArn"]
if state["outputModelKmsKeyArn"] != key:
    problems.append(f"the key of the model is {state['outputModelKmsKeyArn']}")

names = [it["jobName"] for it in bedrock.list_model_customization_jobs()["modelCustomizationJobSummaries"]]
if names != ["job-3", "job-1.a+b"]:
    problems.append(f"jobs are not newest first: {names}")
first = bedrock.list_model_customization_jobs(maxResults=1, sortBy="CreationTime", sortOrder="Ascending")
second = bedrock.list_model_customization_jobs(maxResults=1, sortOrder="Ascending", nextToken=first["nextToken"])
if "nextToken" in second or second["modelCustomizationJobSummaries"][0]["jobName"] != "job-3":
    problems.append(f"pages: {second}")
found = bedrock.list_model_customization_jobs(statusEquals="Stopped", nameContains="job", maxResults=1)
if [it["jobName"] for it in found["modelCustomizationJobSummaries"]] != ["job-3"]:
    problems.append(f"filters: {found}")
if other_region.list_model_customization_jobs()["modelCustomizationJobSummaries"]:
    problems.append("another region lists the jobs")
for asked in [
    {"maxResults": 0},
    {"maxResults": 1001},
    {"nextToken": "no token"},
    {"nextToken": "bm9uZQ"},
    {"statusEquals": "Nothing"},
    {"sortBy": "Name"},
    {"sortOrder": "Sideways"},
    {"nameContains": "a" * 64},
    {"nameContains": "%"},
]:
    for call in [bedrock.list_model_customization_jobs, bedrock.list_provisioned_model_throughputs]:
        refused("ValidationException", call, **asked)

bedrock.get_custom_model(modelIdentifier=model)
for asked, count in [
    ({}, 1),
    ({"modelStatus": "Active", "isOwned": True, "nameContains": "model"}, 1),
    ({"isOwned": False}, 0),
    ({"modelStatus": "Failed"}, 0),
    ({"baseModelArnEquals": f"arn:aws:bedrock:us-west-2::foundation-model/{haiku}"}, 1),
    ({"foundationModelArnEquals": f"arn:aws:bedrock:us-west-2::foundation-model/{nova}"}, 0),
    ({"creationTimeAfter": "2000-01-01T00:00:00Z", "creationTimeBefore": "2000-01-02T00:00:00Z"}, 0),
]:
    if len(bedrock.list_custom_models(**asked)["modelSummaries"]) != count:
        problems.append(f"list_custom_models {asked} has not {count}")
refused("ResourceNotFoundException", bedrock.get_custom_model, modelIdentifier="unknown")

throughput = {"modelUnits": 1, "provisionedModelName": "through_1", "modelId": model, "tags": tags}
provision = bedrock.create_provisioned_model_throughput
for code, change in [
    ("ValidationException", {"modelUnits": 0}),
    ("ValidationException", {"provisionedModelName": "a.b"}),
    ("ValidationException", {"commitmentDuration": "OneDay"}),
    ("ResourceNotFoundException", {"modelId": "unknown"}),
    ("TooManyTagsException", {"tags": many_tags}),
]:
    refused(code, provision, **{**throughput, **change})
token = {"clientRequestToken": "through-1"}
provisioned = provision(**throughput, **token)["provisionedModelArn"]
if provision(**throughput, **token)["provisionedModelArn"] != provisioned:
    problems.append("the same token made another throughput")
refused("ValidationException", provision, **throughput)
committed = provision(modelUnits=2, provisionedModelName="long", modelId=haiku, commitmentDuration="OneMonth")
refused(
    "ConflictException",
    bedrock.delete_provisioned_model_throughput,
    provisionedModelId=committed["provisionedModelArn"],
)
for asked, count in [
    ({}, 2),
    ({"statusEquals": "InService"}, 2),
    ({"statusEquals": "Failed"}, 0),
    ({"modelArnEquals": model}, 1),
    ({"modelArnEquals": f"arn:aws:bedrock:us-west-2::foundation-model/{haiku}"}, 1),
    ({"nameContains": "through"}, 1),
]:
    if len(bedrock.list_provisioned_model_throughputs(**asked)["provisionedModelSummaries"]) != count:
        problems.append(f"list_provisioned_model_throughputs {asked} has not {count}")
bedrock.get_provisioned_model_throughput(provisionedModelId="through_1")
update = bedrock.update_provisioned_model_throughput
update(provisionedModelId=provisioned, desiredProvisionedModelName="through_2")
refused("ValidationException", update, provisionedModelId=provisioned, desiredProvisionedModelName="long")
refused("ValidationException", update, provisionedModelId=provisioned, desiredModelId=nova)
refused("ResourceNotFoundException", update, provisionedModelId="unknown", desiredModelId=haiku)
refused("ConflictException", bedrock.delete_custom_model, modelIdentifier=model)

deploy = bedrock.create_custom_model_deployment
deployment = {"modelDeploymentName": "deploy", "modelArn": model, "description": "A model", "tags": tags}
refused("ValidationException", deploy, **{**deployment, "description": ""})
refused("ResourceNotFoundException", deploy, **{**deployment, "modelArn": model[:-1]})
deployed = deploy(**deployment)["customModelDeploymentArn"]
bedrock.get_custom_model_deployment(customModelDeploymentIdentifier=deployed)
bedrock.update_custom_model_deployment(customModelDeploymentIdentifier=deployed, modelArn=model)
if len(bedrock.list_custom_model_deployments(modelArnEquals=model)["modelDeploymentSummaries"]) != 1:
    problems.append("the deployment is not listed")

for arn in [job, model, provisioned, deployed]:
    bedrock.tag_resource(resourceARN=arn, tags=[{"key": "more", "value": "a b"}])
    bedrock.untag_resource(resourceARN=arn, tagKeys=["team"])
    if bedrock.list_tags_for_resource(resourceARN=arn)["tags"] != [{"key": "more", "value": "a b"}]:
        problems.append(f"tags of {arn}")
    refused("TooManyTagsException", bedrock.tag_resource, resourceARN=arn, tags=many_tags[:50])
refused("ResourceNotFoundException", bedrock.tag_resource, resourceARN=model.replace("us-west-2", "us-east-1"), tags=tags)
refused("ValidationException", bedrock.list_tags_for_resource, resourceARN="arn:aws:s3:::conform")

copy = {"sourceModelArn": model, "targetModelName": "copied", "targetModelTags": tags}
refused("ValidationException", other_region.create_model_copy_job, **{**copy, "targetModelName": "a.b"})
refused("TooManyTagsException", other_region.create_model_copy_job, **{**copy, "targetModelTags": many_tags})
copying = other_region.create_model_copy_job(**copy)["jobArn"]
done = until(other_region.get_model_copy_job, lambda it: it["status"] == "InProgress", jobArn=copying)
other_region.list_model_copy_jobs(targetModelNameContains="copied", statusEquals="Completed")
refused("ValidationException", other_region.get_model_copy_job, jobArn="copied")
other_region.delete_custom_model(modelIdentifier=done["targetModelArn"])

taken = {
    "jobName": "import",
    "importedModelName": "taken",
    "roleArn": role,
    "modelDataSource": {"s3DataSource": {"s3Uri": "s3://conform/model/"}},
    "jobTags": tags,
    "importedModelTags": tags,
    "vpcConfig": network,
    "importedModelKmsKeyId": key,
}
refused("ValidationException", bedrock.create_model_import_job, **{**taken, "modelDataSource": {}})
refused("ValidationException", bedrock.create_model_import_job, **{**taken, "roleArn": "me"})
bedrock.create_model_import_job(**taken)
done = until(bedrock.get_model_import_job, lambda it: it["status"] == "InProgress", jobIdentifier="import")
if done["status"] != "Completed":
    problems.append(f"the import ended so: {done}")
refused("ConflictException", bedrock.create_model_import_job, **{**taken, "jobName": "again"})
bedrock.list_model_import_jobs(nameContains="imp", maxResults=1)
bedrock.list_imported_models(nameContains="taken", sortOrder="Ascending")
bedrock.get_imported_model(modelIdentifier="taken")
refused("ResourceNotFoundException", bedrock.get_imported_model, modelIdentifier="unknown")
bedrock.delete_imported_model(modelIdentifier="taken")
refused("ResourceNotFoundException", bedrock.delete_imported_model, modelIdentifier="taken")

made = bedrock.create_custom_model(
    modelName="made", modelSourceConfig=taken["modelDataSource"], roleArn=role, modelTags=tags, modelKmsKeyArn=key
)["modelArn"]
until(bedrock.get_custom_model, lambda it: it["modelStatus"] == "Creating", modelIdentifier=made)
bedrock.list_custom_models()
provision(modelUnits=1, provisionedModelName="made", modelId=made)
bedrock.get_provisioned_model_throughput(provisionedModelId="made")
bedrock.delete_provisioned_model_throughput(provisionedModelId="made")
refused("ConflictException", bedrock.create_custom_model, modelName="made", modelSourceConfig=taken["modelDataSource"])
bedrock.delete_custom_model(modelIdentifier=made)

bedrock.list_foundation_models()
for asked in [{"byProvider": "Meta"}, {"byInferenceType": "PROVISIONED"}, {"byCustomizationType": "FINE_TUNING"}]:
    if not bedrock.list_foundation_models(**asked)["modelSummaries"]:
        problems.append(f"no foundation model for {asked}")
refused("ValidationException", bedrock.list_foundation_models, byOutputModality="SMELL")
bedrock.get_foundation_model(modelIdentifier=haiku)
bedrock.get_foundation_model_availability(modelId=haiku)
refused("ResourceNotFoundException", bedrock.get_foundation_model, modelIdentifier="nobody.nothing")

bedrock.delete_custom_model_deployment(customModelDeploymentIdentifier=deployed)
bedrock.delete_provisioned_model_throughput(provisionedModelId=provisioned)
bedrock.delete_custom_model(modelIdentifier=model)
print(json.dumps({"operations": sorted(operations), "errors": sorted(errors), "problems": problems}))
