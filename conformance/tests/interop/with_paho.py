"""The checks' client over paho-mqtt 1.6 and 2.x."""

import queue
import threading
from importlib import metadata

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

from checks import WAIT, Message, Unexpected

TITLE = f"paho-mqtt {metadata.version('paho-mqtt')}"
LACKS = ()

NAMES = {
    "user_properties": "UserProperty",
    "content_type": "ContentType",
    "response_topic": "ResponseTopic",
    "correlation_data": "CorrelationData",
    "payload_format": "PayloadFormatIndicator",
    "message_expiry": "MessageExpiryInterval",
    "subscription_ids": "SubscriptionIdentifier",
    "topic_alias": "TopicAlias",
}
PROTOCOLS = {311: mqtt.MQTTv311, 5: mqtt.MQTTv5}


def to_paho(packet_type, properties):
    result = Properties(packet_type)
    for name, value in properties.items():
        setattr(result, NAMES[name], value)
    return result


def from_paho(properties):
    found = {name: getattr(properties, theirs, None) for name, theirs in NAMES.items()}
    return {name: value for name, value in found.items() if value is not None}


def connect_properties(expiry, alias_maximum):
    properties = Properties(PacketTypes.CONNECT)
    properties.SessionExpiryInterval = expiry
    properties.TopicAliasMaximum = alias_maximum
    return properties


def subscribe_options(qos, no_local=False, retain_as_published=False, identifier=None):
    properties = Properties(PacketTypes.SUBSCRIBE)
    if identifier is not None:
        properties.SubscriptionIdentifier = identifier
    return SubscribeOptions(qos, no_local, retain_as_published), properties


class Client:
    def __init__(self, port, client_id, version, clean=True, expiry=0, will=None, alias_maximum=0):
        self.version = version
        self.messages = queue.Queue()
        self.acknowledged = threading.Event()
        self.connected = threading.Event()
        self.session_present = None
        self.ended = False
        self.client = self.make(client_id, clean)
        self.aliases = {}
        if will is not None:
            properties = to_paho(PacketTypes.WILLMESSAGE, will.properties) if version == 5 else None
            self.client.will_set(will.topic, will.payload, will.qos, will.retain, properties)
        self.client.on_connect = self.on_connect
        self.client.on_message = self.on_message
        self.client.on_subscribe = lambda *_: self.acknowledged.set()
        self.client.on_unsubscribe = lambda *_: self.acknowledged.set()
        if version == 5:
            properties = connect_properties(expiry, alias_maximum)
            self.client.connect("127.0.0.1", port, clean_start=clean, properties=properties)
        else:
            self.client.connect("127.0.0.1", port)
        self.client.loop_start()
        self.wait("CONNACK", self.connected)

    def make(self, client_id, clean):
        """A client, by the constructor of the installed paho-mqtt: it changed in 2.0."""
        options = {"client_id": client_id, "protocol": PROTOCOLS[self.version]}
        if self.version == 311:
            options["clean_session"] = clean
        if hasattr(mqtt, "CallbackAPIVersion"):
            options["callback_api_version"] = mqtt.CallbackAPIVersion.VERSION2
        return mqtt.Client(**options)

    def wait(self, what, event):
        if not event.wait(WAIT):
            raise Unexpected(f"expected {what}, received nothing")
        event.clear()

    def on_connect(self, _client, _userdata, flags, *_):
        present = flags["session present"] if isinstance(flags, dict) else flags.session_present
        self.session_present = bool(present)
        self.connected.set()

    def on_message(self, _client, _userdata, message):
        properties = from_paho(message.properties) if self.version == 5 else {}
        # paho-mqtt leaves aliases to its user.
        if "topic_alias" in properties and message.topic:
            self.aliases[properties["topic_alias"]] = message.topic
        topic = message.topic or self.aliases.get(properties.get("topic_alias"))
        self.messages.put(Message(topic, message.payload, message.qos, bool(message.retain), properties))

    def subscribe(self, topic_filter, qos, **options):
        if self.version == 5:
            options, properties = subscribe_options(qos, **options)
            self.client.subscribe(topic_filter, options=options, properties=properties)
        else:
            self.client.subscribe(topic_filter, qos)
        self.wait("SUBACK", self.acknowledged)

    def unsubscribe(self, topic_filter):
        self.client.unsubscribe(topic_filter)
        self.wait("UNSUBACK", self.acknowledged)

    def publish(self, topic, payload, qos=0, retain=False, properties=None):
        properties = to_paho(PacketTypes.PUBLISH, properties) if properties else None
        info = self.client.publish(topic, payload, qos, retain, properties)
        info.wait_for_publish(WAIT)
        if not info.is_published():
            raise Unexpected(f"expected the acknowledgement of {payload!r} at QoS {qos}, received nothing")

    def receive(self, seconds):
        try:
            return self.messages.get(timeout=seconds)
        except queue.Empty:
            return None

    def drop(self):
        self.ended = True
        # The loop would connect again.
        socket = self.client.socket()
        self.client.loop_stop()
        socket.close()

    def disconnect(self):
        if not self.ended:
            self.ended = True
            self.client.disconnect()
            self.client.loop_stop()
