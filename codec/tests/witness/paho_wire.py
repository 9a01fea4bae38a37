"""What paho-mqtt puts on the wire, one packet a line: version, tab, hex.

The client is given one end of a socket pair and no broker: each call is read from the other end, and answered only
where the client would not go on.
"""

import socket

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions


def properties(packet, **values):
    found = Properties(packet)
    found.UserProperty = ("k", "v")
    for name, value in values.items():
        setattr(found, name, value)
    return found


def session(version):
    v5 = version == mqtt.MQTTv5
    given = (lambda packet, **values: properties(packet, **values)) if v5 else (lambda packet, **values: None)
    ours, theirs = socket.socketpair()
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id="clié", protocol=version)
    client._create_socket = lambda: theirs
    client.username_pw_set("u", "p")
    client.will_set("w/t", b"\x00\xff", 1, True, given(PacketTypes.WILLMESSAGE, WillDelayInterval=3))
    start = {"clean_start": True, "properties": given(PacketTypes.CONNECT, SessionExpiryInterval=9)} if v5 else {}
    client.connect("broker.invalid", keepalive=30, **start)
    answer = lambda text: (ours.sendall(bytes.fromhex(text)), client.loop(0.2))
    answer("2003000000" if v5 else "20020000")
    client.loop(0.05)
    options = SubscribeOptions(qos=1, noLocal=True, retainAsPublished=True, retainHandling=2)
    if v5:
        client.subscribe([("a/+", options)], properties=given(PacketTypes.SUBSCRIBE, SubscriptionIdentifier=200))
    else:
        client.subscribe([("a/+", 1), ("#", 2)])
    client.unsubscribe(["a/+", "#"], given(PacketTypes.UNSUBSCRIBE))
    client.publish("a/b", b"hi", 0, True)
    client.publish("a/b", b"x" * 300, 1, False, given(PacketTypes.PUBLISH, MessageExpiryInterval=5, TopicAlias=1))
    client.publish("a/b", "é", 2, False)
    for _ in range(8):
        client.loop(0.05)
    # The client acknowledges what comes, and releases what was received.
    answer("5002" + "0004")
    for publish in ("32", "34"):
        answer(publish + ("08000161000900" + "6869" if v5 else "0700016100096869"))
    answer("6202" + "0009")
    client._send_pingreq()
    client.disconnect(**({"reasoncode": None, "properties": given(PacketTypes.DISCONNECT)} if v5 else {}))
    for _ in range(8):
        client.loop(0.05)
    ours.settimeout(0.5)
    data = b""
    try:
        while part := ours.recv(65_536):
            data += part
    except (TimeoutError, OSError):
        pass
    return data


def packets(data):
    while data:
        length, shift, at = 0, 0, 1
        while True:
            byte = data[at]
            length |= (byte & 0x7F) << shift
            at, shift = at + 1, shift + 7
            if byte < 0x80:
                break
        yield data[:at + length]
        data = data[at + length:]


for name, version in (("3.1.1", mqtt.MQTTv311), ("5.0", mqtt.MQTTv5)):
    for packet in packets(session(version)):
        print(f"{name}\t{packet.hex()}")
