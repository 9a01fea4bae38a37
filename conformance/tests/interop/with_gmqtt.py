"""The checks' client over gmqtt."""

import asyncio
import logging
import queue
import threading
from importlib import metadata

import gmqtt
from gmqtt.mqtt.constants import MQTTv50, MQTTv311

from checks import WAIT, Message, Unexpected

TITLE = f"gmqtt {metadata.version('gmqtt')}"
LACKS = ()

NAMES = {
    "user_properties": "user_property",
    "content_type": "content_type",
    "response_topic": "response_topic",
    "correlation_data": "correlation_data",
    "payload_format": "payload_format_id",
    "message_expiry": "message_expiry_interval",
    "subscription_ids": "subscription_identifier",
    "topic_alias": "topic_alias",
}
LISTS = ("user_properties", "subscription_ids")
PROTOCOLS = {311: MQTTv311, 5: MQTTv50}

logging.getLogger("gmqtt").setLevel(logging.CRITICAL)
LOOP = asyncio.new_event_loop()
threading.Thread(target=LOOP.run_forever, daemon=True).start()


def perform(what, coroutine):
    """Performs a coroutine on the library's loop."""
    future = asyncio.run_coroutine_threadsafe(coroutine, LOOP)
    try:
        return future.result(WAIT)
    except TimeoutError:
        raise Unexpected(f"expected {what}, received nothing") from None


def to_gmqtt(properties):
    return {NAMES[name]: value for name, value in properties.items()}


def from_gmqtt(properties):
    found = {}
    for name, theirs in NAMES.items():
        values = properties.get(theirs)
        if values:
            found[name] = list(values) if name in LISTS else values[0]
    return found


class Client:
    def __init__(self, port, client_id, version, clean=True, expiry=0, will=None, alias_maximum=0):
        self.messages = queue.Queue()
        self.acknowledged = None
        self.session_present = None
        options = {"session_expiry_interval": expiry, "topic_alias_maximum": alias_maximum}
        if will is not None:
            extra = to_gmqtt(will.properties)
            options["will_message"] = gmqtt.Message(will.topic, will.payload, will.qos, will.retain, **extra)
        perform("CONNACK", self.connect(port, client_id, version, clean, options))

    async def connect(self, port, client_id, version, clean, options):
        if version == 311:
            options = {name: value for name, value in options.items() if name == "will_message"}
        self.acknowledged = asyncio.Event()
        self.client = gmqtt.Client(client_id, clean_session=clean, **options)
        self.client.set_config({"reconnect_retries": 0})
        self.client.on_connect = self.on_connect
        self.client.on_message = self.on_message
        self.client.on_subscribe = lambda *_: self.acknowledged.set()
        self.client.on_unsubscribe = lambda *_: self.acknowledged.set()
        await self.client.connect("127.0.0.1", port, version=PROTOCOLS[version])

    def on_connect(self, _client, flags, _reason, _properties):
        self.session_present = bool(flags & 1)

    def on_message(self, _client, topic, payload, qos, properties):
        found = from_gmqtt(properties)
        self.messages.put(Message(topic, bytes(payload), qos, bool(properties["retain"]), found))
        return 0

    async def request(self, send):
        self.acknowledged.clear()
        send()
        await self.acknowledged.wait()

    def subscribe(self, topic_filter, qos, identifier=None, **options):
        extra = {} if identifier is None else {"subscription_identifier": identifier}
        send = lambda: self.client.subscribe(topic_filter, qos, **options, **extra)
        perform("SUBACK", self.request(send))

    def unsubscribe(self, topic_filter):
        perform("UNSUBACK", self.request(lambda: self.client.unsubscribe(topic_filter)))

    def publish(self, topic, payload, qos=0, retain=False, properties=None):
        async def send():
            self.client.publish(topic, payload, qos, retain, **to_gmqtt(properties or {}))
            # It has no other way to tell that a message was acknowledged.
            await self.client._persistent_storage.wait_empty()

        perform(f"the acknowledgement of {payload!r} at QoS {qos}", send())

    def receive(self, seconds):
        try:
            return self.messages.get(timeout=seconds)
        except queue.Empty:
            return None

    def drop(self):
        async def abort():
            self.client._is_active = False
            self.client._connection._transport.abort()

        perform("the end of the connection", abort())

    def disconnect(self):
        if self.client.is_connected:
            perform("the end of the connection", self.client.disconnect())
