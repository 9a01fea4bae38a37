// MQTT.js for with_mqttjs.py: a request a line as JSON, an answer or a message a line.
'use strict'

const readline = require('node:readline')
const mqtt = require('mqtt')

const clients = new Map()

const tell = (told) => process.stdout.write(JSON.stringify(told) + '\n')
const toBytes = (text) => Buffer.from(text, 'base64')

// MQTT.js has user properties as an object of names; its values are lists where a name repeats.
const userPairs = (properties) =>
  Object.entries(properties).flatMap(([name, values]) => [values].flat().map((value) => [name, value]))

const userObject = (pairs) => {
  const names = Object.create(null)
  for (const [name, value] of pairs) (names[name] ??= []).push(value)
  return names
}

const toMqttjs = (given) => {
  const properties = {}
  if (given.user_properties) properties.userProperties = userObject(given.user_properties)
  if (given.content_type) properties.contentType = given.content_type
  if (given.response_topic) properties.responseTopic = given.response_topic
  if (given.correlation_data) properties.correlationData = toBytes(given.correlation_data)
  if (given.payload_format) properties.payloadFormatIndicator = given.payload_format === 1
  if (given.message_expiry) properties.messageExpiryInterval = given.message_expiry
  if (given.topic_alias) properties.topicAlias = given.topic_alias
  return properties
}

const fromMqttjs = (found = {}) => ({
  ...(found.userProperties && { user_properties: userPairs(found.userProperties) }),
  ...(found.contentType && { content_type: found.contentType }),
  ...(found.responseTopic && { response_topic: found.responseTopic }),
  ...(found.correlationData && { correlation_data: found.correlationData.toString('base64') }),
  ...(found.payloadFormatIndicator !== undefined && { payload_format: Number(found.payloadFormatIndicator) }),
  ...(found.messageExpiryInterval && { message_expiry: found.messageExpiryInterval }),
  ...(found.subscriptionIdentifier && { subscription_ids: [found.subscriptionIdentifier].flat() })
})

const actions = {
  connect: (request) => new Promise((resolve, reject) => {
    const isNew = request.version === 5
    const will = request.will
    const client = mqtt.connect({
      host: '127.0.0.1',
      port: request.port,
      clientId: request.id,
      protocolVersion: isNew ? 5 : 4,
      clean: request.clean,
      reconnectPeriod: 0,
      resubscribe: false,
      ...(isNew && {
        properties: { sessionExpiryInterval: request.expiry, topicAliasMaximum: request.alias_maximum }
      }),
      ...(will && {
        will: { ...will, payload: toBytes(will.payload), properties: isNew ? toMqttjs(will.properties) : undefined }
      })
    })
    client.on('error', reject)
    client.on('message', (topic, payload, packet) => tell({
      client: request.client,
      message: {
        topic,
        payload: payload.toString('base64'),
        qos: packet.qos,
        retain: packet.retain,
        properties: fromMqttjs(packet.properties)
      }
    }))
    client.on('connect', (packet) => resolve({ session_present: packet.sessionPresent }))
    clients.set(request.client, client)
  }),
  subscribe: (request, client) => client.subscribeAsync(request.filter, {
    qos: request.qos,
    nl: request.options.no_local ?? false,
    rap: request.options.retain_as_published ?? false,
    ...(request.options.identifier && { properties: { subscriptionIdentifier: request.options.identifier } })
  }),
  unsubscribe: (request, client) => client.unsubscribeAsync(request.filter),
  publish: (request, client) => client.publishAsync(request.topic, toBytes(request.payload), {
    qos: request.qos,
    retain: request.retain,
    properties: toMqttjs(request.properties)
  }),
  drop: async (_, client) => client.stream.destroy(),
  disconnect: (_, client) => client.endAsync()
}

readline.createInterface({ input: process.stdin }).on('line', async (line) => {
  const request = JSON.parse(line)
  try {
    const answer = await actions[request.action](request, clients.get(request.client))
    tell({ client: request.client, ...(request.action === 'connect' && answer) })
  } catch (error) {
    tell({ client: request.client, error: error.message })
  }
}).on('close', () => process.exit(0))

tell({ title: `MQTT.js ${require('mqtt/package.json').version}` })
