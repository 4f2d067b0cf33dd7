#!/usr/bin/env python3
"""Opens Swagger UI in a headless Chromium and executes a call.

Speaks WebDriver (https://www.w3.org/TR/webdriver2/) to chromedriver; needs nothing beside the standard library.
"""

import argparse
import base64
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from decimal import Decimal

PATH = "/api/v1/PriceListNormal"
OPERATION = f'.opblock-post:has([data-path="{PATH}"])'
CRM = "/crmapi/rest/v2"
KEY_TOKEN, LIST, SHOW = (f"{CRM}/{call}" for call in (
    "authentication/web_api_key/token", "customer_events/purchases/list", "customer_events/purchases/show"))
CUSTOMERS, CUSTOMER, IMAGE = (
    "/api/{version}/customers", "/api/{version}/customers/{id}", "/{folder}/photoCustomer/{name}")
CHROMIUM_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1280,2000",
]
CONTROL, NULL = "\ue009", "\ue000"  # WebDriver's code points for keys.

# Resolves as soon as the condition yields something true, now or after a change of the page.
WAIT = """
const done = arguments[arguments.length - 1];
const condition = () => (CONDITION);
const check = () => {
  const value = condition();
  if (value) { observer.disconnect(); done(value); }
};
const observer = new MutationObserver(check);
observer.observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
check();
"""


class Failure(Exception):
    """The page did not show what it should."""


class Browser:
    """One session of a fresh Chromium behind a chromedriver of its own."""

    def __init__(self, seconds):
        self.seconds = seconds
        self.profile = tempfile.TemporaryDirectory(prefix="tradebook-browser-", ignore_cleanup_errors=True)
        self.session = None
        self.driver = subprocess.Popen(
            [program("CHROMEDRIVER", "chromedriver"), "--port=0"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def __enter__(self):
        try:
            self.address = f"http://127.0.0.1:{self.port()}"
            arguments = [*CHROMIUM_FLAGS, f"--user-data-dir={self.profile.name}"]
            chrome = {"binary": program("CHROMIUM", "chromium"), "args": arguments}
            started = self.call("POST", "/session", {"capabilities": {"alwaysMatch": {"goog:chromeOptions": chrome}}})
            self.session = started["sessionId"]
            milliseconds = self.seconds * 1000
            self.post("/timeouts", {"script": milliseconds, "pageLoad": milliseconds})
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        try:
            if self.session:
                self.call("DELETE", f"/session/{self.session}")
        finally:
            self.driver.terminate()
            self.driver.wait()
            self.driver.stdout.close()
            self.profile.cleanup()

    def port(self):
        for line in self.driver.stdout:
            if found := re.search(r"started successfully on port (\d+)", line):
                return found.group(1)
        raise Failure("chromedriver did not start")

    def call(self, method, path, body=None):
        request = urllib.request.Request(
            self.address + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        # Never through a proxy; a little longer than the longest script may take.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=self.seconds + 30) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            value = json.load(error)["value"]
            raise Failure(f"{value['error']}: {value['message'].splitlines()[0]}") from None

    def post(self, path, body):
        return self.call("POST", f"/session/{self.session}{path}", body)

    def open(self, url):
        self.post("/url", {"url": url})

    def run(self, script, *arguments):
        return self.post("/execute/sync", {"script": script, "args": arguments})

    def wait(self, what, condition):
        """The value of a JavaScript expression once it is true."""
        try:
            return self.post("/execute/async", {"script": WAIT.replace("CONDITION", condition), "args": []})
        except Failure as failure:
            raise Failure(f"waited for {what}: {failure}") from None

    def element(self, selector):
        """The element, as soon as it is there, scrolled to the middle."""
        self.wait(f"`{selector}`", f"document.querySelector({json.dumps(selector)})")
        found = self.post("/element", {"using": "css selector", "value": selector})
        self.run("arguments[0].scrollIntoView({block: 'center'})", found)
        return next(iter(found.values()))

    def click(self, selector):
        self.post(f"/element/{self.element(selector)}/click", {})

    def replace_text(self, selector, text):
        element = self.element(selector)
        self.post(f"/element/{element}/click", {})
        self.post(f"/element/{element}/value", {"text": f"{CONTROL}a{NULL}{text}"})

    def choose_file(self, selector, path):
        self.post(f"/element/{self.element(selector)}/value", {"text": os.path.abspath(path)})

    def choose(self, selector, option):
        """Chooses an option of a drop-down list, if the page has that list at all."""
        if self.run("return document.querySelector(arguments[0]) !== null", selector):
            self.click(f'{selector} option[value="{option}"]')

    def screenshot(self, path):
        image = self.call("GET", f"/session/{self.session}/screenshot")
        with open(path, "wb") as file:
            file.write(base64.b64decode(image))


def program(variable, name):
    found = os.environ.get(variable) or shutil.which(name)
    if not found:
        raise Failure(f"{name} is not installed; `scripts/install.sh test` installs it")
    return found


def execute_price_list(browser, options):
    """Executes the call by hand, as it were, and returns the status and body that the page shows."""
    browser.open(f"{options.base_url.rstrip('/')}/swagger-ui/")
    browser.wait("the list of operations", "document.querySelectorAll('.opblock').length > 0")
    browser.click(f"{OPERATION} .opblock-summary-control")
    browser.click(f"{OPERATION} .try-out__btn")
    browser.choose(f"{OPERATION} .body-param-content-type select", "application/json")
    browser.choose(f"{OPERATION} .response-control-media-type--accept-controller select", "application/json")
    body = {"apiKey": options.api_key, "Currency": "", "ProductCodes": [options.product]}
    browser.replace_text(f"{OPERATION} .body-param__text", json.dumps(body))
    browser.click(f"{OPERATION} .execute")

    answer = f"{OPERATION} .live-responses-table tr.response"
    status = f"document.querySelector({json.dumps(answer + ' .response-col_status')})?.textContent"
    status = browser.wait("an answer", status)
    # Beside the status the page has the body, if there is one, as it was formatted for reading.
    shown = browser.run("return document.querySelector(arguments[0])?.textContent", f"{answer} .highlight-code pre")
    called = browser.run("return document.querySelector(arguments[0])?.textContent", f"{OPERATION} .request-url pre")
    if called != options.base_url.rstrip("/") + PATH:
        raise Failure(f"the page called {called} instead of {PATH}")
    browser.element(answer)
    return status.strip(), shown or ""


def execute_purchases(browser, options):
    """Gets a token with the key, lists the events of an account, and shows the first of them; their numbers."""
    browser.open(f"{options.base_url.rstrip('/')}/swagger-ui/")
    browser.wait("the list of operations", "document.querySelectorAll('.opblock').length > 0")
    browser.click(".auth-wrapper .btn.authorize")
    browser.replace_text("#auth-basic-username", options.api_key)
    browser.click(".auth-container:has(#auth-basic-username) button.authorize")
    browser.click(".modal-ux .btn-done")
    token = told(execute(browser, "post", KEY_TOKEN))["token"]
    body = {"token": token, "accounts_receivable_identifier": {"number": options.account}, "fields_set": "number"}
    events = told(execute(browser, "post", LIST, body=body))
    if not events:
        raise Failure(f"the page shows no event of {options.account}")
    numbers = [event["number"] for event in events]
    query = {"token": token, "customer_event_identifier": f"number={numbers[0]}", "fields_set": "number, performed_on"}
    event = told(execute(browser, "get", SHOW, query=query))
    if event["number"] != numbers[0] or not event["performed_on"]:
        raise Failure(f"the page shows {event} instead of the event {numbers[0]}")
    return numbers


def execute_upload(browser, options):
    """Creates a customer with a logo, and looks at the logo; the customer's id and the logo's size in pixels."""
    browser.open(f"{options.base_url.rstrip('/')}/swagger-ui/")
    browser.wait("the list of operations", "document.querySelectorAll('.opblock').length > 0")
    browser.click(".auth-wrapper .btn.authorize")
    browser.replace_text("#auth-bearer-value", options.api_key)
    browser.click(".auth-container:has(#auth-bearer-value) button.authorize")
    browser.click(".modal-ux .btn-done")
    reference = f"LOGO-{os.getpid()}"
    form, files = {"reference": reference, "name": "A customer with a logo"}, {"imageFile": options.logo}
    customer = shown_json(execute(browser, "post", CUSTOMERS, form=form, files=files, status=201))
    if customer["reference"] != reference or not customer["logo"]:
        raise Failure(f"the page shows {customer} instead of a customer with a logo")
    again = shown_json(execute(browser, "get", CUSTOMER, query={"id": str(customer["id"])}))
    if again["logo"] != customer["logo"]:
        raise Failure(f"the page shows the logo {again['logo']} instead of {customer['logo']}")
    *_, folder, _, name = customer["logo"].split("/")
    execute(browser, "get", IMAGE, query={"folder": folder, "name": name})
    image = f"""document.querySelector('.opblock-get:has([data-path="{IMAGE}"]) .live-responses-table img')"""
    size = browser.wait("the logo", f"{image}?.complete && {image}.naturalWidth && [{image}.naturalWidth, {image}.naturalHeight]")
    return customer["id"], size


def execute(browser, method, path, body=None, query=None, form=None, files=None, status=200):
    """Executes a call and returns what the page shows of its answer."""
    operation = f'.opblock-{method}:has([data-path="{path}"])'
    browser.click(f"{operation} .opblock-summary-control")
    browser.click(f"{operation} .try-out__btn")
    if body is not None:
        browser.replace_text(f"{operation} .body-param__text", json.dumps(body))
    for name, value in (query or {}).items():
        browser.replace_text(f'{operation} tr[data-param-name="{name}"] input', value)
    if files:
        browser.choose(f"{operation} .body-param-content-type select", "multipart/form-data")
    for name, value in (form or {}).items():
        browser.replace_text(f'{operation} tr[data-property-name="{name}"] input', value)
    for name, file in (files or {}).items():
        browser.choose_file(f'{operation} tr[data-property-name="{name}"] input[type="file"]', file)
    browser.click(f"{operation} .execute")
    expected = str(status)
    answer = f"{operation} .live-responses-table tr.response"
    status = browser.wait("an answer", f"document.querySelector({json.dumps(answer + ' .response-col_status')})?.textContent")
    shown = browser.run("return document.querySelector(arguments[0])?.textContent", f"{answer} .highlight-code pre")
    browser.element(answer)
    if not status.strip().startswith(expected):
        beginning = " ".join((shown or "").split())[:300]
        raise Failure(f"the page shows status {status.strip()!r} of {path} instead of {expected}, and: {beginning}")
    return shown or ""


def shown_json(shown):
    """What an answer says that is shown as JSON."""
    try:
        return json.loads(shown)
    except ValueError as error:
        raise Failure(f"the page does not show JSON ({error}): {shown[:300]}") from None


def told(shown):
    """The data of an envelope that tells of success."""
    try:
        answer = json.loads(shown)
        if answer["status"]["code"] != "OK":
            raise Failure(f"the page shows {answer['status']}")
        return answer["data"]
    except (ValueError, KeyError, TypeError) as error:
        raise Failure(f"the page does not show an answer ({error!r}): {shown[:300]}") from None


def check(options, status, shown):
    beginning = " ".join(shown.split())[:300]
    if not status.startswith("200"):
        raise Failure(f"the page shows status {status!r} instead of 200, and: {beginning}")
    try:
        lists = json.loads(shown, parse_float=Decimal)["PriceDetail"]
        prices = [
            Decimal(item["P"])
            for price_list in lists
            for item in price_list["Items"]["ItemPLDetail"]
            if item["Code"] == options.product
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise Failure(f"the page does not show a price list ({error!r}): {beginning}") from None
    if not any(price > 0 for price in prices):
        raise Failure(f"the page shows no price of {options.product}: {beginning}")
    if options.price is not None and options.price not in prices:
        raise Failure(f"the page shows {options.product} at {in_words(prices)}, not at {options.price}")
    return prices


def in_words(prices):
    return ", ".join(str(price) for price in prices)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("base_url", help="where the server is: http://127.0.0.1:8080")
    parser.add_argument("api_key", help="a key that may read prices")
    parser.add_argument("--product", default="85123A", help="whose price must be shown (default: %(default)s)")
    parser.add_argument("--price", type=Decimal, help="a price that must be among those shown")
    parser.add_argument("--account", help="list purchase events of the account with this number instead")
    parser.add_argument("--logo", metavar="FILE", help="create a customer with this image, and look at it, instead")
    parser.add_argument("--screenshot", metavar="FILE", help="where to save a picture of the page, also of a failure")
    parser.add_argument("--seconds", type=int, default=60, help="how long to wait for anything (default: %(default)s)")
    return parser.parse_args()


def main():
    options = arguments()
    try:
        with Browser(options.seconds) as browser:
            try:
                print(f"Swagger UI shows {show(browser, options)}")
            finally:
                if options.screenshot:
                    browser.screenshot(options.screenshot)
    except Failure as failure:
        sys.exit(f"swagger.py: {failure}")


def show(browser, options):
    """Does what is asked for; what the page shows of it, in words."""
    if options.account:
        return f"the events {', '.join(execute_purchases(browser, options))} of {options.account}"
    if options.logo:
        customer, (width, height) = execute_upload(browser, options)
        return f"the logo of customer {customer}, {width} × {height}"
    prices = check(options, *execute_price_list(browser, options))
    return f"{options.product} at {in_words(prices)}"


if __name__ == "__main__":
    main()
