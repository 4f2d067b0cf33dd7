"""The purchase events list of the CRM.COM dialect."""
import json

from stage import say

PATH = "/crmapi/rest/v2/customer_events/purchases/list"


def run(stage):
    document = json.loads(stage.run(stage.tradebook, "openapi"))
    if PATH not in document["paths"]:
        say("    left out: this server has no purchase events")
        return None
    return None
