"""IIIF over the archive: shapes, rights, the secrecy gate, tiles kept."""

import io

import pytest
from PIL import Image

from viewer.iiif.parameters import BadParameter, Region, parse_region, parse_size


@pytest.mark.parametrize(("text", "expected"), [
    ("full", Region(0, 0, 300, 200)), ("square", Region(50, 0, 200, 200)), ("10,20,1000,50", Region(10, 20, 290, 50)),
    ("pct:50,50,50,50", Region(150, 100, 150, 100)),
])
def test_regions(text, expected):
    assert parse_region(text, (300, 200)) == expected


@pytest.mark.parametrize("text", ["", "300,0,1,1", "0,0,0,1", "a", "pct:0,0,0,0", "-1,0,3,3"])
def test_bad_regions(text):
    with pytest.raises(BadParameter):
        parse_region(text, (300, 200))


@pytest.mark.parametrize(("text", "expected"), [
    ("max", (300, 200)), ("150,", (150, 100)), (",50", (75, 50)), ("30,70", (30, 70)), ("!100,100", (100, 67)),
    ("pct:10", (30, 20)), ("^600,", (600, 400)),
])
def test_sizes(text, expected):
    assert parse_size(text, Region(0, 0, 300, 200)) == expected


@pytest.mark.parametrize("text", ["", "600,", "0,", ",", "!1,", "pct:0", "^99999,99999", "pct:1.1.1", "full"])
def test_bad_sizes(text):
    with pytest.raises(BadParameter):
        parse_size(text, Region(0, 0, 300, 200))


def test_a_page_as_a_pyramid_whose_tiles_are_cut_once(browser_as, sample, settings):
    browser = browser_as("prosecutor")
    page = sample.page_ids[0]
    info = browser.get(f"/iiif/image/3/{page}/info.json").json
    assert (info["type"], info["profile"], info["width"], info["height"]) == ("ImageService3", "level2", 1240, 1754)
    for _ in range(2):
        answer = browser.get(f"/iiif/image/3/{page}/full/620,877/0/default.jpg")
        assert Image.open(io.BytesIO(answer.data)).size == (620, 877)
    assert len(list(settings.derived_folder.rglob("*tile*.jpg"))) == 1


def test_a_manifest_labels_its_pages_by_but_luc(browser_as, sample):
    browser = browser_as("prosecutor")
    found = browser.get(f"/iiif/presentation/3/document/{sample.document_ids[1]}/manifest").json
    assert [canvas["label"]["vi"] for canvas in found["items"]] == [["BL 2"], ["BL 3"]]
    listed = browser.get(f"/iiif/presentation/3/case/{sample.case_id}/collection").json
    assert len(listed["items"]) == len(sample.document_ids)


def test_search_inside_gives_boxes_in_pixels(browser_as, sample):
    answer = browser_as("prosecutor").get(f"/iiif/search/2/document/{sample.document_ids[1]}?q=con+dao").json
    assert [item["body"]["value"] for item in answer["items"]] == ["con dao", "Con dao"]
    assert all("#xywh=" in item["target"] for item in answer["items"])


IMAGES = ("/iiif/image/3/{}/info.json", "/iiif/image/3/{}/full/max/0/default.jpg", "/anh/{}/nho.jpg",
          "/anh/{}/man-hinh.jpg", "/anh/{}/day-du.jpg")


@pytest.mark.parametrize("who", ["other", "admin", "enforcer"])
def test_no_image_of_a_case_one_is_not_assigned_to(browser_as, sample, who):
    browser = browser_as(who)
    for path in IMAGES:
        assert browser.get(path.format(sample.page_ids[0])).status_code == 404


@pytest.mark.parametrize(("who", "status"), [("clerk", 200), ("leader", 404), ("prosecutor", 404)])
def test_a_page_whose_header_was_not_read_is_for_its_owner_and_the_clerk(browser_as, sample, who, status):
    assert browser_as(who).get(f"/anh/{sample.unchecked_page_id}/nho.jpg").status_code == status


@pytest.mark.parametrize("who", ["clerk", "leader", "prosecutor", "admin"])
def test_nothing_of_a_halted_batch(browser_as, sample, who):
    browser = browser_as(who)
    for path in IMAGES:
        assert browser.get(path.format(sample.halted_page_id)).status_code == 404


def test_no_cross_origin_headers_in_production(browser_as, sample):
    answer = browser_as("prosecutor").get(f"/iiif/image/3/{sample.page_ids[0]}/info.json")
    assert not [name for name in dict(answer.headers) if name.startswith("Access-Control")]
