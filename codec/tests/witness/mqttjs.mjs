// What MQTT.js (mqtt-packet) puts on the wire, one packet a line: version, tab, hex.

import mqttPacket from 'mqtt-packet'

const properties = (extra) => ({ userProperties: { k: 'v' }, ...extra })
const will = (v5) => ({
  topic: 'w/t', payload: Buffer.from([0, 255]), qos: 2, retain: true,
  ...(v5 && { properties: properties({ willDelayInterval: 5, contentType: 'c' }) })
})

for (const protocolVersion of [4, 5]) {
  const v5 = protocolVersion === 5
  const with5 = (object) => (v5 ? { properties: object } : {})
  const packets = [
    { cmd: 'connect', protocolId: 'MQTT', protocolVersion, clean: true, clientId: 'c', keepalive: 60 },
    {
      cmd: 'connect', protocolId: 'MQTT', protocolVersion, clean: false, clientId: 'é😀', keepalive: 0,
      username: 'u', password: Buffer.from([1, 0]), will: will(v5),
      ...with5(properties({ sessionExpiryInterval: 10, receiveMaximum: 3, topicAliasMaximum: 2 }))
    },
    {
      cmd: 'connack', sessionPresent: true, ...(v5 ? { reasonCode: 0 } : { returnCode: 0 }),
      ...with5(properties({ assignedClientIdentifier: 'x', maximumQoS: 1, retainAvailable: false }))
    },
    { cmd: 'publish', topic: 'a/b', payload: 'hi', qos: 0, retain: true, dup: false },
    {
      cmd: 'publish', topic: 'a/b', payload: Buffer.alloc(300), qos: 2, messageId: 65535, dup: true, retain: false,
      ...with5(properties({ messageExpiryInterval: 1, payloadFormatIndicator: false, correlationData: Buffer.from([0]) }))
    },
    ...['puback', 'pubrec', 'pubrel', 'pubcomp'].map((cmd) => ({ cmd, messageId: 7 })),
    ...(v5 ? ['puback', 'pubrec', 'pubrel', 'pubcomp'].map((cmd) => ({
      cmd, messageId: 7, reasonCode: cmd === 'puback' || cmd === 'pubrec' ? 0x10 : 0x92,
      properties: properties({ reasonString: 'r' })
    })) : []),
    {
      cmd: 'subscribe', messageId: 1, ...with5(properties({ subscriptionIdentifier: 145 })),
      subscriptions: [{ topic: 'a/+', qos: 1, ...(v5 && { nl: true, rap: true, rh: 2 }) }, { topic: '#', qos: 0 }]
    },
    { cmd: 'suback', messageId: 1, granted: v5 ? [0, 1, 0x8f] : [0, 1, 2, 0x80], ...with5(properties({})) },
    { cmd: 'unsubscribe', messageId: 1, unsubscriptions: ['a', 'b/#'], ...with5(properties({})) },
    { cmd: 'unsuback', messageId: 1, granted: v5 ? [0, 0x11] : [], ...with5(properties({})) },
    { cmd: 'pingreq' },
    { cmd: 'pingresp' },
    { cmd: 'disconnect', ...(v5 && { reasonCode: 4, properties: properties({ sessionExpiryInterval: 0 }) }) },
    ...(v5 ? [{ cmd: 'auth', reasonCode: 0x18, properties: properties({ authenticationMethod: 'm', authenticationData: Buffer.from([0, 1]) }) }] : [])
  ]
  for (const packet of packets) {
    console.log(`${v5 ? '5.0' : '3.1.1'}\t${mqttPacket.generate(packet, { protocolVersion }).toString('hex')}`)
  }
}
