"""A script as people have it: nothing in it knows of the server but what the environment says."""

import json

import boto3

region = "us-west-2"
s3 = boto3.client("s3", region_name=region)
s3.create_bucket(Bucket="python", CreateBucketConfiguration={"LocationConstraint": region})
s3.put_object(Bucket="python", Key="a/b", Body=b"content")
url = s3.generate_presigned_url("get_object", Params={"Bucket": "python", "Key": "a/b"})
runtime = boto3.client("bedrock-runtime", region_name=region)
answer = runtime.converse(
    modelId="anthropic.claude-3-haiku-20240307-v1:0",
    messages=[{"role": "user", "content": [{"text": "ab red"}]}],
    inferenceConfig={"maxTokens": 2},
)
print(
    json.dumps(
        {
            "object": s3.get_object(Bucket="python", Key="a/b")["Body"].read().decode(),
            "scheme": url.split(":")[0],
            "role": answer["output"]["message"]["role"],
            "account": boto3.client("sts", region_name=region).get_caller_identity()["Account"],
        }
    )
)
