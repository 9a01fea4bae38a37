"""The checks' client over aiomqtt, which wraps paho-mqtt."""

import asyncio
import queue
import socket
import threading
from importlib import metadata

import aiomqtt
from paho.mqtt.packettypes import PacketTypes

from checks import WAIT, Message, Unexpected
from with_paho import connect_properties, from_paho, subscribe_options, to_paho

TITLE = f"aiomqtt {metadata.version('aiomqtt')}"
# It hides CONNACK, and messages without a topic from its user.
LACKS = ("resumption", "topic_alias")

PROTOCOLS = {311: aiomqtt.ProtocolVersion.V311, 5: aiomqtt.ProtocolVersion.V5}

LOOP = asyncio.new_event_loop()
threading.Thread(target=LOOP.run_forever, daemon=True).start()


def perform(what, coroutine):
    """Performs a coroutine on the library's loop."""
    try:
        return asyncio.run_coroutine_threadsafe(coroutine, LOOP).result(WAIT)
    except (TimeoutError, aiomqtt.MqttError) as error:
        raise Unexpected(f"expected {what}, received {error or 'nothing'}") from None


class Client:
    session_present = None

    def __init__(self, port, client_id, version, clean=True, expiry=0, will=None, alias_maximum=0):
        self.version = version
        self.messages = queue.Queue()
        self.ended = False
        options = {"identifier": client_id, "protocol": PROTOCOLS[version]}
        if version == 5:
            options |= {"clean_start": clean, "properties": connect_properties(expiry, alias_maximum)}
        else:
            options["clean_session"] = clean
        if will is not None:
            extra = to_paho(PacketTypes.WILLMESSAGE, will.properties) if version == 5 else None
            options["will"] = aiomqtt.Will(will.topic, will.payload, will.qos, will.retain, extra)
        perform("CONNACK", self.connect(port, options))

    async def connect(self, port, options):
        self.client = aiomqtt.Client("127.0.0.1", port, **options)
        await self.client.__aenter__()
        self.reading = asyncio.ensure_future(self.read())

    async def read(self):
        try:
            async for message in self.client.messages:
                found = from_paho(message.properties) if self.version == 5 else {}
                received = Message(str(message.topic), message.payload, message.qos, message.retain, found)
                self.messages.put(received)
        except aiomqtt.MqttError:
            pass

    def subscribe(self, topic_filter, qos, **options):
        extra = {"qos": qos}
        if self.version == 5:
            settings, properties = subscribe_options(qos, **options)
            extra = {"options": settings, "properties": properties}
        perform("SUBACK", self.client.subscribe(topic_filter, **extra))

    def unsubscribe(self, topic_filter):
        perform("UNSUBACK", self.client.unsubscribe(topic_filter))

    def publish(self, topic, payload, qos=0, retain=False, properties=None):
        properties = to_paho(PacketTypes.PUBLISH, properties) if properties else None
        sending = self.client.publish(topic, payload, qos, retain, properties)
        perform(f"the acknowledgement of {payload!r} at QoS {qos}", sending)

    def receive(self, seconds):
        try:
            return self.messages.get(timeout=seconds)
        except queue.Empty:
            return None

    def drop(self):
        async def close():
            self.ended = True
            self.client._client.socket().shutdown(socket.SHUT_RDWR)

        perform("the end of the connection", close())

    def disconnect(self):
        if not self.ended:
            self.ended = True
            perform("the end of the connection", self.client.__aexit__(None, None, None))
