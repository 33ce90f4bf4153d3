"""Calls that scripts rarely make and that are right: prints a JSON list of all that is not answered as it should be."""

import io
import json
import urllib.error
import urllib.request

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError

region = {"region_name": "us-west-2"}
haiku = "anthropic.claude-3-haiku-20240307-v1:0"
problems = []


def expect(what, found, wanted):
    if found != wanted:
        problems.append(f"{what}: {found!r:.300} instead of {wanted!r:.300}")


def refused(what, call, code):
    try:
        call()
    except ClientError as error:
        expect(what, error.response["Error"]["Code"], code)
    else:
        problems.append(f"{what}: answered")


s3 = boto3.client("s3", **region)
s3.create_bucket(Bucket="rare", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
s3.get_waiter("bucket_exists").wait(Bucket="rare")

# Parts of five mebibytes: below, at and above one and two of them, and nothing at all.
part = 5 * 2**20
transfer = TransferConfig(multipart_threshold=part, multipart_chunksize=part, max_concurrency=3)
for size in (0, 1, part - 1, part, part + 1, 2 * part + 7):
    data = bytes(range(251)) * (size // 251 + 1)
    data = data[:size]
    s3.upload_fileobj(io.BytesIO(data), "rare", f"size {size}", Config=transfer)
    back = io.BytesIO()
    s3.download_fileobj("rare", f"size {size}", back, Config=transfer)
    expect(f"{size} bytes", back.getvalue() == data, True)
s3.get_waiter("object_exists").wait(Bucket="rare", Key="size 0")
s3.get_waiter("object_not_exists").wait(Bucket="rare", Key="none")

keys = [f"keys/{name}" for name in ("a b", "c+d", "e&f", "g=h?", "ü", "日本", "quote'\"", "per%20cent", "tab\t", "~.-_")]
for key in keys:
    s3.put_object(Bucket="rare", Key=key, Body=key.encode())
pages = list(s3.get_paginator("list_objects_v2").paginate(Bucket="rare", Prefix="keys/", PaginationConfig={"PageSize": 3}))
expect("keys of pages", [item["Key"] for page in pages for item in page["Contents"]], sorted(keys, key=str.encode))
old = s3.get_paginator("list_objects").paginate(Bucket="rare", Prefix="keys/", PaginationConfig={"PageSize": 4})
expect("keys of the older list", sum(len(page["Contents"]) for page in old), len(keys))
versions = s3.get_paginator("list_object_versions").paginate(Bucket="rare", Prefix="keys/", PaginationConfig={"PageSize": 3})
expect("versions", [item["Key"] for page in versions for item in page["Versions"]], sorted(keys, key=str.encode))
owners = s3.list_objects_v2(Bucket="rare", Prefix="keys/", FetchOwner=True)["Contents"]
expect("owners", all(item["Owner"]["ID"] == "000000000000" for item in owners), True)
for key in keys:
    expect(key, s3.get_object(Bucket="rare", Key=key)["Body"].read().decode(), key)
    url = s3.generate_presigned_url("get_object", Params={"Bucket": "rare", "Key": key}, ExpiresIn=60)
    with urllib.request.urlopen(url) as answer:
        expect(f"{key} by its URL", answer.read().decode(), key)
    s3.copy({"Bucket": "rare", "Key": key}, "rare", f"copy of {key}")
expect("a part of many", s3.get_object(Bucket="rare", Key="keys/ü", Range="bytes=0-3")["ContentLength"], 4)
post = s3.generate_presigned_post("rare", "posted")
form = "".join(
    f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
    for name, value in {**post["fields"], "file": "bytes"}.items()
)
asked = urllib.request.Request(
    post["url"], data=f"{form}--x--\r\n".encode(), headers={"content-type": "multipart/form-data; boundary=x"}
)
try:
    urllib.request.urlopen(asked)
    problems.append("a presigned POST: answered")
except urllib.error.HTTPError as error:
    expect("a presigned POST", (error.code, b"<Code>NotImplemented</Code>" in error.read()), (501, True))
stored = s3.put_object(Bucket="rare", Key="keys/kept", Body=b"1")
refused("an object that is there already", lambda: s3.get_object(Bucket="rare", Key="keys/kept", IfNoneMatch=stored["ETag"]), "304")
copied = {"Bucket": "rare", "Key": "keys/copied", "CopySource": "rare/keys/kept"}
for condition in ({"IfMatch": '"other"'}, {"IfNoneMatch": stored["ETag"]}, {"IfUnmodifiedSince": "2020-01-01T00:00:00Z"}):
    named = {f"CopySource{name}": value for name, value in condition.items()}
    refused(f"a copy {condition}", lambda: s3.copy_object(**copied, **named), "PreconditionFailed")
s3.copy_object(**copied, CopySourceIfMatch=stored["ETag"])
refused("a key of the client's", lambda: s3.put_object(Bucket="rare", Key="keys/secret", Body=b"1", SSECustomerAlgorithm="AES256", SSECustomerKey="0" * 32), "NotImplemented")
refused("a tagged object", lambda: s3.put_object(Bucket="rare", Key="keys/tagged", Body=b"1", Tagging="a=b"), "NotImplemented")
refused("a lifecycle", lambda: s3.get_bucket_lifecycle_configuration(Bucket="rare"), "NoSuchLifecycleConfiguration")
refused("a version", lambda: s3.get_object(Bucket="rare", Key="keys/ü", VersionId="other"), "NoSuchVersion")
bucket = boto3.resource("s3", **region).Bucket("rare")
bucket.objects.filter(Prefix="keys/").delete()
bucket.object_versions.delete()
bucket.delete()
s3.get_waiter("bucket_not_exists").wait(Bucket="rare")
names = [item["Name"] for page in s3.get_paginator("list_buckets").paginate(PaginationConfig={"PageSize": 1}) for item in page["Buckets"]]
expect("buckets", len(set(names)), len(names))

bedrock = boto3.client("bedrock", **region)
for name in ("list_custom_models", "list_model_customization_jobs", "list_provisioned_model_throughputs", "list_custom_model_deployments", "list_model_copy_jobs", "list_model_import_jobs", "list_imported_models", "list_model_invocation_jobs"):
    pages = list(bedrock.get_paginator(name).paginate(PaginationConfig={"PageSize": 1, "MaxItems": 3}))
    expect(f"pages of {name}", len(pages) > 0, True)
refused("guardrails", bedrock.list_guardrails, "UnknownOperationException")

for retries in ("standard", "adaptive", "legacy"):
    runtime = boto3.client("bedrock-runtime", **region, config=Config(retries={"mode": retries, "max_attempts": 2}))
    refused(f"retries {retries}", lambda: runtime.converse(modelId="no.such-model", messages=[{"role": "user", "content": [{"text": "a"}]}]), "ResourceNotFoundException")
system = [{"text": "Be brief."}]
messages = [{"role": "user", "content": [{"text": "ab red"}]}]
config = {"maxTokens": 5, "temperature": 0, "topP": 1, "stopSequences": ["never"]}
stream = list(runtime.converse_stream(modelId=haiku, system=system, messages=messages, inferenceConfig=config)["stream"])
expect("events", [next(iter(event)) for event in stream if "contentBlockDelta" not in event], ["messageStart", "contentBlockStop", "messageStop", "metadata"])
whole = runtime.converse(modelId=haiku, system=system, messages=messages, inferenceConfig=config)
expect("whole and streamed", "".join(event["contentBlockDelta"]["delta"]["text"] for event in stream if "contentBlockDelta" in event), whole["output"]["message"]["content"][0]["text"])
body = {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 5, "messages": [{"role": "user", "content": "ab"}]}
refused("a member that is not known", lambda: runtime.invoke_model(modelId=haiku, body=json.dumps({**body, "n": 2})), "ValidationException")
refused("a body that is no JSON", lambda: runtime.invoke_model(modelId=haiku, body=b"{"), "ValidationException")
refused("a guardrail", lambda: runtime.apply_guardrail(guardrailIdentifier="abc", guardrailVersion="1", source="INPUT", content=[{"text": {"text": "a"}}]), "UnknownOperationException")
arn = f"arn:aws:bedrock:us-west-2::foundation-model/{haiku}"
expect("by its ARN", runtime.invoke_model(modelId=arn, body=json.dumps(body), accept="*/*", contentType="application/json")["contentType"], "application/json")
print(json.dumps(problems))
