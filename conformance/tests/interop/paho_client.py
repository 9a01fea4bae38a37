"""Connects, subscribes to house/sensor1, publishes "first message", and receives it; in both versions and all QoS."""

import sys
import threading

import paho.mqtt.client as mqtt


def make_client(name, protocol):
    """A client, by the constructor of the installed paho-mqtt: it changed in 2.0."""
    if hasattr(mqtt, "CallbackAPIVersion"):
        version = mqtt.CallbackAPIVersion.VERSION2
        return mqtt.Client(version, client_id=name, protocol=protocol)
    return mqtt.Client(name, protocol=protocol)


def exchange(port, protocol, qos):
    received = []
    arrived = threading.Event()
    subscribed = threading.Event()
    client = make_client(f"paho-{protocol}-{qos}", protocol)

    def on_connect(client, *_):
        client.subscribe("house/sensor1", qos=qos)

    def on_message(_client, _userdata, message):
        received.append((message.topic, message.payload, message.qos))
        arrived.set()

    client.on_connect = on_connect
    client.on_subscribe = lambda *_: subscribed.set()
    client.on_message = on_message
    client.connect("127.0.0.1", port)
    client.loop_start()
    assert subscribed.wait(10), "no SUBACK"
    client.publish("house/sensor1", "first message", qos=qos)
    assert arrived.wait(10), "no message"
    client.disconnect()
    client.loop_stop()
    assert received == [("house/sensor1", b"first message", qos)], received


def main():
    port = int(sys.argv[1])
    for protocol in (mqtt.MQTTv311, mqtt.MQTTv5):
        for qos in (0, 1, 2):
            exchange(port, protocol, qos)


main()
