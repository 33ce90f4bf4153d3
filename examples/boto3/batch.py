"""Answers a file of questions with Claude 3 Haiku in one batch job on Amazon Bedrock, and prints what came of it.

It is written for AWS and knows nothing of Hone. The service itself wants at least 100 records a job.

    python batch.py questions.txt                # a question a line
"""

import json
import sys
import time
import uuid

import boto3

REGION = "us-west-2"
MODEL = "anthropic.claude-3-haiku-20240307-v1:0"

with open(sys.argv[1], encoding="utf-8") as file:
    questions = [line.strip() for line in file if line.strip()]
run = uuid.uuid4().hex[:8]

s3 = boto3.client("s3", region_name=REGION)
bedrock = boto3.client("bedrock", region_name=REGION)
account = boto3.client("sts", region_name=REGION).get_caller_identity()["Account"]

bucket = f"batch-{run}"
s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
records = [
    {
        "recordId": f"Q{number:010}",
        "modelInput": {
            "anthropic_version": "bedrock-2023-05-31",
            "max_tokens": 20,
            "temperature": 0,
            "messages": [{"role": "user", "content": question}],
        },
    }
    for number, question in enumerate(questions)
]
s3.put_object(
    Bucket=bucket,
    Key="input/questions.jsonl",
    Body="".join(json.dumps(record) + "\n" for record in records).encode(),
)

job = bedrock.create_model_invocation_job(
    jobName=f"batch-{run}",
    roleArn=f"arn:aws:iam::{account}:role/Batch",
    modelId=MODEL,
    inputDataConfig={"s3InputDataConfig": {"s3Uri": f"s3://{bucket}/input/"}},
    outputDataConfig={"s3OutputDataConfig": {"s3Uri": f"s3://{bucket}/output/"}},
)["jobArn"]

while True:
    state = bedrock.get_model_invocation_job(jobIdentifier=job)
    if state["status"] in ("Completed", "PartiallyCompleted", "Failed", "Stopped", "Expired"):
        break
    time.sleep(1)
print(state["status"], state.get("message", ""))

folder = f"output/{job.split('/')[-1]}"
manifest = s3.get_object(Bucket=bucket, Key=f"{folder}/manifest.json.out")["Body"].read()
print("counts", json.loads(manifest)["successRecordCount"], "of", json.loads(manifest)["totalRecordCount"])
answers = s3.get_object(Bucket=bucket, Key=f"{folder}/questions.jsonl.out")["Body"].read().decode()
for line in answers.splitlines():
    record = json.loads(line)
    print(record["recordId"], record["modelOutput"]["content"][0]["text"])
listed = bedrock.list_model_invocation_jobs(nameContains=run)["invocationJobSummaries"]
print("listed", [(each["jobName"] == f"batch-{run}", each["status"]) for each in listed])
