"""The tests of test_known_holes.py bite: each fails on a backend that has its hole, and passes on one that has another.
The backend is a fake one behind a real nginx with the project's own files: no program of the project takes part."""
import pytest

import fake_backend
import test_known_holes as holes
from door import Door
from judged_nginx import JudgedNginx, binary
from visitor import Site

SERVER = """
server {
    listen 127.0.0.1:PORT;
    root WWW;
    include gatehouse/mount.conf;
    location ^~ /members/ { auth_request gatehouse:*; }
}
"""
# The hole, and the test that finds it.
FOUND_BY = {
    "no_status": holes.test_every_answer_to_nginxs_question_has_a_status,
    "redirect_on_auth": holes.test_nginxs_question_is_never_answered_by_a_redirect_or_not_modified,
    "broken_cookie": holes.test_a_broken_cookie_lets_nobody_in,
    "health_check": holes.test_the_user_agent_of_a_health_check_lets_nobody_in,
    "repeated_parameter": holes.test_a_security_parameter_that_comes_twice_is_refused,
    "fixation": holes.test_a_session_cannot_be_fixed_on_whoever_logs_in,
    "adoption": holes.test_a_token_that_a_browser_invented_is_not_adopted,
    "token_kind": holes.test_no_kind_of_token_is_taken_for_another,
    "worker": holes.test_a_persistent_worker_forgets_the_request_before,
    "siblings": holes.test_a_logout_leaves_the_sibling_sessions_alone,
    "replay": holes.test_a_token_cannot_be_replayed_after_its_logout,
    "cookie_prefix": holes.test_a_cookie_without_its_prefix_is_not_read_over_tls,
    "junk_cookie": holes.test_a_junk_cookie_does_not_hide_the_real_one,
    "no_store": holes.test_no_answer_may_be_kept_or_shown_to_another,
    "value_types": holes.test_a_number_null_an_array_or_an_object_is_no_credential,
    "nul": holes.test_a_password_does_not_end_at_a_nul,
    "sql": holes.test_a_quote_ends_no_text_in_a_query,
    "cross_site_logout": holes.test_a_link_of_another_site_logs_nobody_out,
    "cross_site_login": holes.test_a_form_of_another_site_logs_nobody_in,
    "origin_null": holes.test_an_origin_of_null_is_not_our_own,
    "method_override": holes.test_a_method_cannot_be_overridden,
    "open_redirect": holes.test_a_login_leads_to_no_other_site,
    "header_injection": holes.test_a_line_end_in_an_address_makes_no_header,
    "content_length": holes.test_a_content_length_that_lies_is_not_believed,
}


@pytest.fixture(scope="module")
def backend(tmp_path_factory):
    """The fake one, whose nginx is `door`'s."""
    folder = tmp_path_factory.mktemp("fake")
    with fake_backend.serving(folder / "fake.sock") as backend:
        backend.place = str(folder / "fake.sock")
        yield backend


@pytest.fixture(scope="module")
def fake_door(backend, tmp_path_factory, port):
    with JudgedNginx(tmp_path_factory.mktemp("fake-nginx"), port + 70, binary()) as nginx:
        for name, old, new in (("upstream.conf", f"{nginx.folder}/gatehouse.sock", backend.place),
                               ("snippets/login-limit.conf", "limit_req ", "# limit_req ")):
            path = nginx.folder / "gatehouse" / name
            path.write_text(path.read_text().replace(old, new))
        nginx.write(SERVER)
        with nginx.serve():
            yield Door(Site(f"http://127.0.0.1:{port + 70}"), backend.place)


def passes(test, door):
    try:
        test(door)
    except (AssertionError, TypeError):  # TypeError: the answer has no Status
        return False
    return True


def test_every_test_of_that_file_is_tried_here():
    named = {name for name in vars(holes) if name.startswith("test_")}
    assert {test.__name__ for test in FOUND_BY.values()} == named


def test_without_a_hole_all_pass(backend, fake_door):
    backend.holes = set()
    for test in FOUND_BY.values():
        test(fake_door)


@pytest.mark.parametrize("hole", FOUND_BY)
def test_a_hole_is_found_by_its_test_and_by_no_other(backend, fake_door, hole):
    backend.holes = {hole}
    failed = {test.__name__ for test in FOUND_BY.values() if not passes(test, fake_door)}
    assert failed == {FOUND_BY[hole].__name__}
