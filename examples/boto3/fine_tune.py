"""Fine-tunes Claude 3 Haiku on Amazon Bedrock, waits, and asks the tuned model.

It is written for AWS and knows nothing of Hone. Against a local server:

    hone serve                      # prints three lines to paste: address and keys
    python fine_tune.py train.jsonl validation.jsonl "My car was scratched in the car park."
"""

import json
import sys
import time
import uuid

import boto3

REGION = "us-west-2"
BASE = "anthropic.claude-3-haiku-20240307-v1:0:200k"

train_file, validation_file, question = sys.argv[1:4]
run = uuid.uuid4().hex[:8]

s3 = boto3.client("s3", region_name=REGION)
bedrock = boto3.client("bedrock", region_name=REGION)
runtime = boto3.client("bedrock-runtime", region_name=REGION)
account = boto3.client("sts", region_name=REGION).get_caller_identity()["Account"]

bucket = f"tuning-{run}"
s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
s3.upload_file(train_file, bucket, "train.jsonl")
s3.upload_file(validation_file, bucket, "validation.jsonl")

iam = boto3.client("iam", region_name=REGION)
role = iam.create_role(
    RoleName=f"Tuning-{run}",
    AssumeRolePolicyDocument=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "bedrock.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                    "Condition": {"StringEquals": {"aws:SourceAccount": account}},
                }
            ],
        }
    ),
)["Role"]["Arn"]

job = bedrock.create_model_customization_job(
    customizationType="FINE_TUNING",
    jobName=f"job-{run}",
    customModelName=f"model-{run}",
    roleArn=role,
    baseModelIdentifier=BASE,
    trainingDataConfig={"s3Uri": f"s3://{bucket}/train.jsonl"},
    validationDataConfig={"validators": [{"s3Uri": f"s3://{bucket}/validation.jsonl"}]},
    outputDataConfig={"s3Uri": f"s3://{bucket}/output"},
    hyperParameters={"epochCount": "2", "batchSize": "16", "learningRateMultiplier": "1"},
)["jobArn"]

while (state := bedrock.get_model_customization_job(jobIdentifier=job))["status"] == "InProgress":
    time.sleep(2)
print(state["status"], state.get("failureMessage", ""))
if state["status"] != "Completed":
    sys.exit(1)
print("training loss", state["trainingMetrics"]["trainingLoss"])
print("validation loss", state["validationMetrics"][0]["validationLoss"])

metrics = f"output/model-customization-job-{job.split('/')[-1]}/training_artifacts/step_wise_training_metrics.csv"
print(s3.get_object(Bucket=bucket, Key=metrics)["Body"].read().decode().splitlines()[0])

throughput = bedrock.create_provisioned_model_throughput(
    provisionedModelName=f"throughput-{run}", modelId=state["outputModelArn"], modelUnits=1
)["provisionedModelArn"]
while bedrock.get_provisioned_model_throughput(provisionedModelId=throughput)["status"] != "InService":
    time.sleep(2)


def ask(model):
    body = {
        "anthropic_version": "bedrock-2023-05-31",
        "max_tokens": 40,
        "temperature": 0,
        "messages": [{"role": "user", "content": question}],
    }
    answer = runtime.invoke_model(modelId=model, body=json.dumps(body))
    return json.loads(answer["body"].read())["content"][0]["text"]


print("base ", repr(ask("anthropic.claude-3-haiku-20240307-v1:0")))
print("tuned", repr(ask(throughput)))

stream = runtime.converse_stream(
    modelId=throughput,
    messages=[{"role": "user", "content": [{"text": question}]}],
    inferenceConfig={"maxTokens": 40, "temperature": 0},
)
text = ""
for event in stream["stream"]:
    text += event.get("contentBlockDelta", {}).get("delta", {}).get("text", "")
print("again", repr(text))

bedrock.delete_provisioned_model_throughput(provisionedModelId=throughput)
