"""The whole way of a customer with boto3: data, a job, its model, answers of every kind, and the end of it all.

Prints one JSON document of what was found. Usage: boto3_flow.py TRAINING_FILE HYPERPARAMETERS
"""

import json
import sys
import time

import boto3

file, hyperparameters = sys.argv[1:3]
region = {"region_name": "us-west-2"}
base = "anthropic.claude-3-haiku-20240307-v1:0:200k"
s3, bedrock = boto3.client("s3", **region), boto3.client("bedrock", **region)
runtime = boto3.client("bedrock-runtime", **region)
with open(file, encoding="utf-8") as lines:
    question = json.loads(lines.readline())["messages"][0]["content"]

s3.create_bucket(Bucket="boto", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
s3.get_waiter("bucket_exists").wait(Bucket="boto")
with open(file, "rb") as data:
    s3.upload_fileobj(data, "boto", "claims.jsonl")
s3.get_waiter("object_exists").wait(Bucket="boto", Key="claims.jsonl")
job = bedrock.create_model_customization_job(
    jobName="boto",
    customModelName="boto",
    roleArn="arn:aws:iam::000000000000:role/Tuning",
    baseModelIdentifier=base,
    customizationType="FINE_TUNING",
    trainingDataConfig={"s3Uri": "s3://boto/claims.jsonl"},
    outputDataConfig={"s3Uri": "s3://boto/out"},
    hyperParameters=json.loads(hyperparameters),
)["jobArn"]
while (state := bedrock.get_model_customization_job(jobIdentifier=job))["status"] == "InProgress":
    time.sleep(0.2)
metrics = f"out/model-customization-job-{job.split('/')[-1]}/training_artifacts/step_wise_training_metrics.csv"
found = {
    "status": state["status"],
    "metrics": s3.get_object(Bucket="boto", Key=metrics)["Body"].read().decode().splitlines()[0],
}
pages = bedrock.get_paginator("list_custom_models").paginate(PaginationConfig={"PageSize": 1})
assert "boto" in [model["modelName"] for page in pages for model in page["modelSummaries"]]
model = bedrock.create_provisioned_model_throughput(
    provisionedModelName="boto", modelId=state["outputModelArn"], modelUnits=1
)["provisionedModelArn"]
while bedrock.get_provisioned_model_throughput(provisionedModelId=model)["status"] != "InService":
    time.sleep(0.2)

body = json.dumps(
    {
        "anthropic_version": "bedrock-2023-05-31",
        "max_tokens": 12,
        "temperature": 0,
        "messages": [{"role": "user", "content": question}],
    }
)
said = {
    "messages": [{"role": "user", "content": [{"text": question}]}],
    "inferenceConfig": {"maxTokens": 12, "temperature": 0},
}


def invoke(which):
    answer = runtime.invoke_model(modelId=which, body=body)
    return json.loads(answer["body"].read())["content"][0]["text"]


found["base"] = invoke(base)
found["invoked"] = invoke(model)
events = [
    json.loads(event["chunk"]["bytes"])
    for event in runtime.invoke_model_with_response_stream(modelId=model, body=body)["body"]
]
found["streamed"] = "".join(event.get("delta", {}).get("text", "") for event in events)
found["conversed"] = runtime.converse(modelId=model, **said)["output"]["message"]["content"][0]["text"]
found["converse_streamed"] = "".join(
    event.get("contentBlockDelta", {}).get("delta", {}).get("text", "")
    for event in runtime.converse_stream(modelId=model, **said)["stream"]
)

bedrock.delete_provisioned_model_throughput(provisionedModelId=model)
bedrock.delete_custom_model(modelIdentifier="boto")
try:
    invoke(model)
except runtime.exceptions.ResourceNotFoundException as error:
    found["after"] = error.response["Error"]["Code"]
bucket = boto3.resource("s3", **region).Bucket("boto")
bucket.object_versions.delete()
found["left"] = len(list(bucket.objects.all()))
bucket.delete()
print(json.dumps(found))
