"""The page in a real browser without a network: drawn, usable by mouse and keyboard, and silent."""

import json
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from html_answers import HOSTILE, KEY_CLOSED, blocked_by_a_key, hostile, organization, sentence, three_designs
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

from pathfinder.report.html import render
from pathfinder.report.text import visible

pytestmark = pytest.mark.browser

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--window-size=1600,1000",
)


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    browser, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not browser or not driver:
        reason = "needs chromium and chromedriver (Debian: apt-get install chromium chromium-driver)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    options = webdriver.ChromeOptions()
    options.binary_location = browser
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    chrome = webdriver.Chrome(options=options, service=Service(driver))
    chrome.execute_cdp_cmd("Network.enable", {})
    offline = {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}
    chrome.execute_cdp_cmd("Network.emulateNetworkConditions", offline)
    yield chrome
    chrome.quit()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("pages")
    answers = {
        "designs": three_designs(),
        "hostile": hostile(),
        "blocked": blocked_by_a_key(),
        "only-blocked": blocked_by_a_key(open_too=False),
        "large": organization(1200),
        "largest": organization(2000),
        "folded": organization(1000, alike=True),
    }
    urls = {}
    for name, found in answers.items():
        file: Path = folder / f"{name}.html"
        file.write_text(render(found, title=f"Routes: {name}", sentence=sentence), encoding="utf-8")
        urls[name] = file.as_uri()
    return urls


class Page:
    """One page in the browser."""

    def __init__(self, chrome: webdriver.Chrome, url: str) -> None:
        self.chrome, self.url = chrome, url
        chrome.get("about:blank")
        chrome.get_log("browser")
        chrome.get_log("performance")
        started = time.monotonic()
        chrome.get(url)
        WebDriverWait(chrome, 30).until(lambda _: self.says("drawMilliseconds") is not None)
        self.seconds = time.monotonic() - started

    def says(self, name: str):
        return self.chrome.execute_script(f"return window.pathfinder && window.pathfinder.{name}")

    def text(self, id_: str) -> str:
        return self.chrome.find_element(By.ID, id_).get_property("textContent")

    def press(self, *keys: str) -> None:
        ActionChains(self.chrome).send_keys(*keys).perform()

    def click_at(self, place: dict[str, float]) -> None:
        chain = ActionChains(self.chrome)
        chain.w3c_actions.pointer_action.move_to_location(round(place["x"]), round(place["y"]))
        chain.w3c_actions.pointer_action.click()
        chain.perform()
        time.sleep(0.4)

    def click_node(self, label: str) -> None:
        self.click_at(self.chrome.execute_script("return pathfinder.placeOfNode(arguments[0])", label))

    def click_edge(self, source: str, target: str) -> None:
        script = "return pathfinder.placeOfEdge(arguments[0], arguments[1])"
        self.click_at(self.chrome.execute_script(script, source, target))

    def colours_on_canvas(self) -> int:
        return self.chrome.execute_script(
            "const c = document.querySelector('#graph canvas');"
            "const d = new Uint32Array(c.getContext('2d').getImageData(0, 0, c.width, c.height).data.buffer);"
            "return new Set(d).size"
        )

    def assert_silent(self) -> None:
        """No request but the file itself, and nothing on the console."""
        messages = [json.loads(entry["message"])["message"] for entry in self.chrome.get_log("performance")]
        sent = {m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"}
        assert {url.partition("#")[0] for url in sent if not url.startswith("data:,")} <= {
            self.url.partition("#")[0]
        }
        assert any(m["method"] == "Network.requestWillBeSent" for m in messages)
        assert self.chrome.get_log("browser") == []


@pytest.fixture
def designs(chromium: webdriver.Chrome, files: dict[str, str]) -> Page:
    return Page(chromium, files["designs"])


def test_the_graph_is_drawn_offline_and_in_silence(designs: Page) -> None:
    assert designs.says("nodeCount") == 14
    assert designs.says("edgeCount") == 14
    assert designs.says("routeCount") == 16
    assert designs.colours_on_canvas() > 50
    designs.assert_silent()


def test_a_click_on_a_node_says_what_it_is(designs: Page) -> None:
    designs.click_node("S3AccessRole")
    panel = designs.text("evidence")
    assert "arn:aws:iam::999999999999:role/S3AccessRole" in panel
    assert "log (999999999999)" in panel
    assert "routes through here" in panel
    designs.assert_silent()


def test_a_click_on_an_edge_shows_its_evidence(designs: Page) -> None:
    designs.click_edge("vendor-backup", "my-bucket")
    panel = designs.text("evidence")
    for part in (
        "aws:principalorgid is o-example",
        "s3:GetObject",
        "arn:aws:s3:::my-bucket/*",
        "Except",
        "arn:aws:s3:::my-bucket/private/*",
        "On the principal's side",
        "Allow in identity-based policy s3-access, statement ReadWrite",
        "From the organization",
        "A request that is allowed",
        "aws:SourceVpce",
        "Not known about this hop",
        "the trust policy of vendor-backup is not in the snapshot",
    ):
        assert part in panel


def test_the_arrow_keys_step_through_the_routes(designs: Page) -> None:
    designs.press(Keys.ARROW_DOWN)
    assert designs.says("chosen") == "r0001"
    designs.press(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
    assert designs.says("chosen") == "r0003"
    designs.press(Keys.ARROW_LEFT)
    assert designs.says("chosen") == "r0002"
    assert "Route 2 of 16" in designs.text("evidence")
    assert designs.chrome.execute_script("return location.hash") == "#route=r0002"
    selected = designs.chrome.find_elements(By.CSS_SELECTOR, "#routes [aria-selected=true]")
    assert [each.get_attribute("id") for each in selected] == ["route-1"]
    designs.press(Keys.ESCAPE)
    assert designs.says("chosen") is None
    designs.assert_silent()


def test_search_filters_while_typing(designs: Page) -> None:
    designs.chrome.find_element(By.ID, "search").send_keys("vpce-0aaa i-0abc")
    assert designs.says("shown") == 1
    assert "1 of 16 routes" in designs.text("count")
    designs.press(Keys.ARROW_DOWN)
    assert designs.says("chosen") == "r0008"
    designs.chrome.find_element(By.ID, "search").send_keys(" nothing")
    assert designs.says("shown") == 0
    assert "No route matches" in designs.text("routes")
    designs.chrome.find_element(By.ID, "clear").click()
    assert designs.says("shown") == 16


FILTERS = [
    ("account", "app (123456789012)", 11),
    ("bucket", "public-site", 2),
    ("group", "take over", 1),
    ("design", "AssumeRole", 3),
    ("open", "always", 9),
    ("open", "conditional", 7),
    ("open", "about network", 4),
]


@pytest.mark.parametrize(
    ("filter_", "value", "shown"), FILTERS, ids=[f"{each[0]} {each[1]}" for each in FILTERS]
)
def test_filters(designs: Page, filter_: str, value: str, shown: int) -> None:
    Select(designs.chrome.find_element(By.ID, filter_)).select_by_value(value)
    assert designs.says("shown") == shown
    designs.assert_silent()


def test_only_cross_account(designs: Page) -> None:
    designs.chrome.find_element(By.ID, "cross").click()
    assert designs.says("shown") == 11


def test_the_address_opens_the_same_view(chromium: webdriver.Chrome, files: dict[str, str]) -> None:
    page = Page(chromium, files["designs"] + "#route=r0013&search=S3AccessRole")
    assert page.says("chosen") == "r0013"
    assert page.says("shown") == 5
    assert "i-0abc → EC2Role → S3AccessRole → my-bucket" in page.text("evidence")
    chromium.execute_script("location.hash = '#route=r0004'")
    WebDriverWait(chromium, 5).until(lambda _: page.says("chosen") == "r0004")
    chromium.execute_script("location.hash = '#route=gone'")
    WebDriverWait(chromium, 5).until(lambda _: "not in this page" in page.text("evidence"))


def test_everything_is_reached_by_keyboard(designs: Page) -> None:
    reached = []
    for _ in range(24):
        designs.press(Keys.TAB)
        reached.append(designs.chrome.execute_script("return document.activeElement.id"))
    for id_ in ("search", "account", "cross", "routes", "next", "graph", "fit", "tab-evidence", "evidence"):
        assert id_ in reached
    outline = designs.chrome.execute_script("return getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"


def test_gaps_are_one_click_away(designs: Page) -> None:
    designs.chrome.find_element(By.ID, "tab-gaps").click()
    assert designs.chrome.find_element(By.ID, "gaps").is_displayed()
    assert "VPC endpoints could not be read" in designs.text("gaps")


def test_hostile_names_are_only_text(chromium: webdriver.Chrome, files: dict[str, str]) -> None:
    page = Page(chromium, files["hostile"])
    assert page.says("nodeCount") == 2 * len(HOSTILE)
    for text in HOSTILE:
        page.press(Keys.ARROW_DOWN)
        assert visible(text) in page.text("evidence")
        assert visible(text) in page.text("routes")
    page.chrome.find_element(By.ID, "tab-gaps").click()
    assert HOSTILE[0] in page.text("gaps")
    assert chromium.execute_script("return window.hurt") is None
    assert len(chromium.find_elements(By.CSS_SELECTOR, "script")) == 3
    assert chromium.find_elements(By.CSS_SELECTOR, "img, #evidence svg, #routes svg") == []
    page.assert_silent()


@pytest.mark.parametrize(("name", "nodes", "limit"), [("large", 1200, 8), ("largest", 2000, 10)])
def test_a_large_graph_is_drawn_in_seconds(
    chromium: webdriver.Chrome, files: dict[str, str], name: str, nodes: int, limit: float
) -> None:
    page = Page(chromium, files[name])
    assert page.says("nodeCount") >= nodes - 2
    assert page.seconds < limit
    assert page.colours_on_canvas() > 50
    page.press(Keys.ARROW_DOWN, Keys.ARROW_DOWN)
    assert page.says("chosen") is not None
    page.assert_silent()


def test_alike_nodes_are_one_and_unfold_in_the_panel(
    chromium: webdriver.Chrome, files: dict[str, str]
) -> None:
    page = Page(chromium, files["folded"])
    assert page.says("nodeCount") < 150
    assert "1,000 nodes" in page.text("evidence")
    label = chromium.execute_script(
        "return JSON.parse(document.getElementById('content').textContent).drawing.nodes.find((n) => n.many > 1).label"
    )
    assert label.endswith("roles")
    page.click_node(label)
    assert "Drawn as one" in page.text("evidence")
    count = int(label.split()[0])
    assert len(chromium.find_elements(By.CSS_SELECTOR, "#evidence .members li")) == count


def test_what_a_key_alone_blocks_is_shown_apart(chromium: webdriver.Chrome, files: dict[str, str]) -> None:
    """KMS-13: the bucket opens, the key does not."""
    page = Page(chromium, files["blocked"])
    assert page.text("count") == "1 route, 1 blocked"
    assert "Blocked by a key" in page.text("evidence")
    assert KEY_CLOSED in page.text("routes")
    page.press(Keys.ARROW_DOWN, Keys.ARROW_DOWN)
    panel = page.text("evidence")
    assert f"Blocked: {KEY_CLOSED}" in panel
    assert "No route: blocked, 1 of 1" in panel
    assert "A request that the bucket allows, and the key does not" in panel
    assert "Always open" not in panel
    Select(chromium.find_element(By.ID, "open")).select_by_value("open")
    assert page.text("count") == "1 of 1 route"
    assert KEY_CLOSED not in page.text("routes")
    Select(chromium.find_element(By.ID, "open")).select_by_value("blocked")
    assert page.text("count") == "0 of 1 route, 1 blocked"
    Select(chromium.find_element(By.ID, "open")).select_by_value("always")
    assert page.says("shown") == 1
    chromium.find_element(By.ID, "clear").click()
    chromium.find_element(By.ID, "search").send_keys("unreadable")
    assert page.says("shown") == 1
    page.click_edge("other", "records")
    assert f"Blocked: {KEY_CLOSED}" in page.text("evidence")
    page.assert_silent()


def test_a_page_of_blocked_routes_alone(chromium: webdriver.Chrome, files: dict[str, str]) -> None:
    page = Page(chromium, files["only-blocked"])
    assert page.text("count") == "0 routes, 1 blocked"
    assert "No route is open." in page.text("table")
    assert KEY_CLOSED in page.text("table")
    page.press(Keys.ARROW_DOWN)
    assert f"Blocked: {KEY_CLOSED}" in page.text("evidence")
    page.assert_silent()
