"""Flask-Security: tables and users that its own code makes; or it is asked who gets in."""
import json
import os
import sys

from flask import Flask
from flask_security import Security, SQLAlchemyUserDatastore, hash_password, verify_password
from flask_security.models import fsqla_v3
from flask_sqlalchemy import SQLAlchemy

application = Flask(__name__)
application.config.update(
    SECRET_KEY="x", SECURITY_PASSWORD_SALT="146585145368132386173505678016728509634",
    SQLALCHEMY_DATABASE_URI=f"mysql+mysqldb://root@localhost/{os.environ['SCHEMA']}"
                            "?unix_socket=/run/mysqld/mysqld.sock&charset=utf8mb4",
    SECURITY_PASSWORD_HASH="bcrypt")
database = SQLAlchemy(application)
fsqla_v3.FsModels.set_db_info(database)


class Role(database.Model, fsqla_v3.FsRoleMixin):
    pass


class User(database.Model, fsqla_v3.FsUserMixin):
    pass


users = SQLAlchemyUserDatastore(database, User, Role)
application.security = Security(application, users)
with application.app_context():
    if sys.argv[1] == "install":
        database.create_all()
        users.create_role(name="editor")
        password = hash_password(os.environ["PASSWORD"])
        users.create_user(email="roy@example.com", username="roy", password=password, roles=["editor"])
        users.create_user(email="dora@example.com", username="dora", password=password, active=False)
        database.session.commit()
    else:
        said = []
        for name, typed in json.load(sys.stdin):
            user = users.find_user(case_insensitive=True, email=name)
            said.append(bool(user and user.active and verify_password(typed, user.password)))
        print(json.dumps(said))
