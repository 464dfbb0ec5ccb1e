"""A login in Flask as its tutorial teaches it: Flask's signed session cookie, Werkzeug's check_password_hash, one
connection to MySQL for each worker. The answers are those of Gatehouse's README, "The API"; nginx asks /asked whether
somebody is logged in."""

import json
import pathlib

import pymysql
from flask import Flask, jsonify, request, session
from werkzeug.security import check_password_hash

SETTINGS = json.loads(pathlib.Path(__file__).with_name("settings.json").read_text(encoding="utf-8"))
app = Flask(__name__)
app.config.update(SECRET_KEY=SETTINGS["secret"], SESSION_COOKIE_SAMESITE="Lax")
connections = []


def connection():
    """Made at the first use, after the worker was forked; made again if the server has closed it."""
    if not connections:
        connections.append(pymysql.connect(autocommit=True, **SETTINGS["mysql"]))
    connections[0].ping(reconnect=True)
    return connections[0]


def message(status, text, **more):
    return jsonify(message=text, **more), status


@app.get("/")
def home():
    if "username" not in session:
        return message(401, "Unauthorized")
    return message(200, "You are already logged in", username=session["username"])


@app.get("/asked")
def asked():
    return ("", 204) if "username" in session else message(401, "Unauthorized")


@app.post("/login")
def log_in():
    typed = request.get_json(silent=True)
    if not isinstance(typed, dict):
        return message(400, "Bad Request - invalid JSON")
    name, password = typed.get("username"), typed.get("password")
    if not (isinstance(name, str) and name and isinstance(password, str) and password):
        return message(400, "Bad Request - invalid credentials")
    with connection().cursor() as cursor:
        cursor.execute("SELECT id, username, password FROM user WHERE username = %s", (name,))
        row = cursor.fetchone()
    if row is None or not check_password_hash(row[2], password):
        return message(400, "Bad Request - invalid password")
    session.clear()
    session["id"], session["username"] = row[0], row[1]
    return message(200, "You are logged in successfully")


@app.route("/logout", methods=["GET", "POST"])
def log_out():
    session.clear()
    return message(200, "You successfully logged out")
