"""What Lighthouse says of the pages: accessibility, and best practices of the web."""
import pytest

import lighthouse
from guarded import cookie


@pytest.mark.waits
@pytest.mark.parametrize("path, inside", [
    ("/gatehouse/login", False), ("/gatehouse/login?error=password", False),
    ("/gatehouse/login?error=throttled&wait=899", False), ("/gatehouse/login?notice=reauth&error=password", True),
    ("/gatehouse/login?next=/demo/", True),
    ("/gatehouse/account", True), ("/gatehouse/account?devices&error=away", True), ("/gatehouse/confirm-logout", True),
    ("/demo/", True),
])
def test_a_page_has_all_points(site, tmp_path, path, inside):
    headers = cookie(site.token()) if inside else {}
    scores, failed = lighthouse.judge(site.base + path, tmp_path, headers.get("Cookie", ""))
    assert (scores, failed) == ({"accessibility": 1, "best-practices": 1}, {})
