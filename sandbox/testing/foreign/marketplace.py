"""The steps of AWS's documented SaaS code examples, by boto3. Prints one JSON object; a step that fails says why.

Old versions of boto3 know no account id and no license ARN: those steps are named in "skipped".
"""

import json
import os
import sys
import urllib.parse
from datetime import datetime, timezone

import boto3
import botocore
from botocore.exceptions import ClientError

endpoint = os.environ["SANDBOX"]
post_body = os.environ["POST_BODY"]
product = os.environ["PRODUCT"]
now = datetime.fromtimestamp(float(os.environ["NOW"]), tz=timezone.utc)
said = {"botocore": botocore.__version__, "skipped": []}


def client(service):
    return boto3.client(service, endpoint_url=endpoint, region_name="us-east-1")


def members(service, operation, name):
    shape = client(service).meta.service_model.operation_model(operation).input_shape
    for part in name.split("."):
        shape = shape.members[part] if part in getattr(shape, "members", {}) else None
        if shape is None:
            return {}
        if shape.type_name == "list":
            shape = shape.member
    return shape.members


metering = client("meteringmarketplace")
token = urllib.parse.parse_qs(post_body)["x-amzn-marketplace-token"][0]
customer = metering.resolve_customer(RegistrationToken=token)
said["resolved"] = {k: v for k, v in customer.items() if k != "ResponseMetadata"}
customer_id = customer["CustomerIdentifier"]

entitlements = client("marketplace-entitlement").get_entitlements(
    ProductCode=product, Filter={"CUSTOMER_IDENTIFIER": [customer_id]}, MaxResults=25
)
said["entitled"] = {e["Dimension"]: e["Value"].get("IntegerValue") for e in entitlements["Entitlements"]}

record = {"Timestamp": now, "CustomerIdentifier": customer_id, "Dimension": "searches", "Quantity": 5}
answer = metering.batch_meter_usage(UsageRecords=[record], ProductCode=product)
said["metered"] = [r["Status"] for r in answer["Results"]]

tagged = dict(
    record,
    Timestamp=datetime.fromtimestamp(now.timestamp() - 3600, tz=timezone.utc),
    UsageAllocations=[
        {"AllocatedUsageQuantity": 2, "Tags": [{"Key": "BusinessUnit", "Value": "IT"}, {"Key": "AccountId", "Value": "*********"}]},
        {"AllocatedUsageQuantity": 1, "Tags": [{"Key": "BusinessUnit", "Value": "Finance"}, {"Key": "AccountId", "Value": "987654321"}]},
        {"AllocatedUsageQuantity": 2},
    ],
)
answer = metering.batch_meter_usage(UsageRecords=[tagged], ProductCode=product)
said["tagged"] = [r["Status"] for r in answer["Results"]]

try:
    metering.resolve_customer(RegistrationToken="nobody issued this")
except ClientError as error:
    said["refused"] = error.response["Error"]["Code"]

buyer = boto3.client(
    "meteringmarketplace", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id=os.environ["BUYER"], aws_secret_access_key="x"
)
try:
    buyer.meter_usage(ProductCode=os.environ["EDGE"], Timestamp=now, UsageDimension="node_hours", UsageQuantity=1, DryRun=True)
except ClientError as error:
    said["dry_run"] = error.response["Error"]["Code"]

if "LicenseArn" in members("meteringmarketplace", "BatchMeterUsage", "UsageRecords"):
    record = {
        "Timestamp": now,
        "CustomerAWSAccountId": os.environ["ACCOUNT"],
        "LicenseArn": os.environ["LICENSE"],
        "Dimension": "gb_indexed",
        "Quantity": 5,
    }
    answer = metering.batch_meter_usage(UsageRecords=[record])
    said["by_license"] = [r["Status"] for r in answer["Results"]]
else:
    said["skipped"].append("account id and license ARN: this botocore does not know them")

json.dump(said, sys.stdout)
