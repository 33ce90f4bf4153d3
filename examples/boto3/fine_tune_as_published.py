"""The same job as it is often published, with mistakes that no one can try any more where it was meant to run.

Each is sent by itself, and what the server answers is printed: it says what would be right.
"""

import json
import time
import uuid

import boto3

REGION = "us-west-2"
run = uuid.uuid4().hex[:8]
s3 = boto3.client("s3", region_name=REGION)
bedrock = boto3.client("bedrock", region_name=REGION)

bucket = f"published-{run}"
s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
records = [
    {"system": "Answer with a colour.", "messages": [{"role": "user", "content": name}, {"role": "assistant", "content": "red"}]}
    for name in ("rose", "blood", "fire")
]
s3.put_object(Bucket=bucket, Key="train.jsonl", Body="\n".join(json.dumps(record) for record in records))

job = dict(
    customizationType="FINE_TUNING",
    customModelName=f"model-{run}",
    roleArn="arn:aws:iam::123456789012:role/Tuning",
    baseModelIdentifier="anthropic.claude-3-haiku-20240307-v1:0:200k",
    trainingDataConfig={"s3Uri": f"s3://{bucket}/train.jsonl"},
    outputDataConfig={"s3Uri": f"s3://{bucket}/output"},
    hyperParameters={"epochCount": "2", "batchSize": "8"},
)


def attempt(mistake, **change):
    try:
        arn = bedrock.create_model_customization_job(**{**job, "jobName": f"job-{uuid.uuid4().hex[:8]}", **change})["jobArn"]
    except bedrock.exceptions.ValidationException as error:
        print(f"{mistake}: {error.response['Error']['Message']}")
        return
    while (state := bedrock.get_model_customization_job(jobIdentifier=arn))["status"] == "InProgress":
        time.sleep(1)
    print(f"{mistake}: {state['status']}: {state.get('failureMessage', '')}")


attempt(
    "hyperparameters of another model",
    hyperParameters={"epochCount": "2", "batchSize": "8", "learningRate": "0.00005", "learningRateWarmupSteps": "10"},
)
attempt("base without its context variant", baseModelIdentifier="anthropic.claude-3-haiku-20240307-v1:0")
attempt("three records")
