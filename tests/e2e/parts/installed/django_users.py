"""Django: tables and users that its own code makes; or it is asked who gets in."""
import json
import os
import sys

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="x", INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"],
    DATABASES={"default": {"ENGINE": "django.db.backends.mysql", "NAME": os.environ["SCHEMA"], "USER": "root",
                           "HOST": "/run/mysqld/mysqld.sock"}},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField")
django.setup()

from django.contrib.auth import authenticate  # noqa: E402 (after the settings)
from django.contrib.auth.models import Group, User  # noqa: E402
from django.core.management import call_command  # noqa: E402

if sys.argv[1] == "install":
    call_command("migrate", verbosity=0)
    roy = User.objects.create_user("roy", "roy@example.com", os.environ["PASSWORD"], is_staff=True)
    roy.groups.add(Group.objects.create(name="night shift"))
    User.objects.create_user("dora", "dora@example.com", os.environ["PASSWORD"], is_active=False)
    User.objects.create_user("nopass", "nopass@example.com")
else:
    print(json.dumps([authenticate(username=name, password=typed) is not None for name, typed in json.load(sys.stdin)]))
