"""The checks' client over MQTT.js, which runs in Node.js behind mqttjs.cjs."""

import base64
import json
import queue
import subprocess
import threading
from pathlib import Path

from checks import WAIT, Message, Unexpected

LACKS = ()

BYTES = ("correlation_data",)


class Node:
    """The process with all clients: it takes a request a line, and answers or tells of a message by one."""

    def __init__(self):
        script = Path(__file__).with_name("mqttjs.cjs")
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self.process = subprocess.Popen(["node", script], text=True, **pipes)
        self.answers = queue.Queue()
        self.messages = {}
        self.title = json.loads(self.process.stdout.readline())["title"]
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            told = json.loads(line)
            (self.messages[told["client"]] if "message" in told else self.answers).put(told)

    def request(self, what, **fields):
        self.process.stdin.write(json.dumps(fields) + "\n")
        self.process.stdin.flush()
        try:
            answer = self.answers.get(timeout=WAIT)
        except queue.Empty:
            raise Unexpected(f"expected {what}, received nothing") from None
        if "error" in answer:
            raise Unexpected(f"expected {what}, received {answer['error']}")
        return answer


NODE = Node()
TITLE = NODE.title


def to_json(properties):
    encoded = {name: base64.b64encode(properties[name]).decode() for name in BYTES if name in properties}
    return properties | encoded


def from_json(properties):
    decoded = {name: base64.b64decode(properties[name]) for name in BYTES if name in properties}
    pairs = [tuple(pair) for pair in properties.get("user_properties", [])]
    return properties | decoded | ({"user_properties": pairs} if pairs else {})


class Client:
    def __init__(self, port, client_id, version, clean=True, expiry=0, will=None, alias_maximum=0):
        self.number = len(NODE.messages)
        NODE.messages[self.number] = queue.Queue()
        self.ended = False
        options = {"port": port, "id": client_id, "version": version, "clean": clean}
        options |= {"expiry": expiry, "alias_maximum": alias_maximum}
        if will is not None:
            options["will"] = self.message(will.topic, will.payload, will.qos, will.retain, will.properties)
        self.session_present = self.request("CONNACK", "connect", **options)["session_present"]

    def request(self, what, action, **fields):
        return NODE.request(what, client=self.number, action=action, **fields)

    def message(self, topic, payload, qos, retain, properties):
        payload = base64.b64encode(payload).decode()
        fields = {"topic": topic, "payload": payload, "qos": qos, "retain": retain}
        return fields | {"properties": to_json(properties or {})}

    def subscribe(self, topic_filter, qos, **options):
        self.request("SUBACK", "subscribe", filter=topic_filter, qos=qos, options=options)

    def unsubscribe(self, topic_filter):
        self.request("UNSUBACK", "unsubscribe", filter=topic_filter)

    def publish(self, topic, payload, qos=0, retain=False, properties=None):
        message = self.message(topic, payload, qos, retain, properties)
        self.request(f"the acknowledgement of {payload!r} at QoS {qos}", "publish", **message)

    def receive(self, seconds):
        try:
            told = NODE.messages[self.number].get(timeout=seconds)["message"]
        except queue.Empty:
            return None
        payload = base64.b64decode(told["payload"])
        return Message(told["topic"], payload, told["qos"], told["retain"], from_json(told["properties"]))

    def drop(self):
        self.ended = True
        self.request("the end of the connection", "drop")

    def disconnect(self):
        if not self.ended:
            self.ended = True
            self.request("the end of the connection", "disconnect")
