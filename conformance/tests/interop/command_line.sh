# The checks of the clients on the command line: mosquitto_pub and mosquitto_sub, paho_c_pub and paho_c_sub.
# Sourced by `run`, which sets $port and $dir.

fail() {
  echo "interop: $1: expected '$2', received '$3'" >&2
  exit 1
}

# Waits until a file has a line of a pattern: FILE PATTERN WHAT
await() {
  for _ in $(seq 200); do
    if grep -q -- "$2" "$1"; then return; fi
    sleep 0.05
  done
  fail "$3" "$2" "$(cat "$1")"
}

# What a subscriber got: its topic, QoS, RETAIN, payload, and in 5.0 its properties.
plain='message %t %q %r %p'
whole="$plain|%P|%C|%E|%F|%R|%D|%S"

# Starts mosquitto_sub, which writes line by line then, and waits until it is subscribed: NAME VERSION QOS FILTER [OPTION...]
mosquitto_listens() {
  local name=$1 version=$2 qos=$3 filter=$4
  shift 4
  : >"$dir/$name"
  stdbuf -oL mosquitto_sub -h 127.0.0.1 -p "$port" -V "$version" -q "$qos" -t "$filter" -d -F "$plain" -W 20 "$@" \
    >"$dir/$name" 2>&1 &
  listener=$!
  await "$dir/$name" '^Subscribed' "mosquitto_sub $version $filter"
}

mosquitto_says() {
  mosquitto_pub -h 127.0.0.1 -p "$port" "$@"
}

# Starts paho_c_sub, and waits until it is subscribed: NAME VERSION QOS FILTER [OPTION...]
paho_c_listens() {
  local name=$1 version=$2 qos=$3 filter=$4
  shift 4
  : >"$dir/$name"
  stdbuf -oL paho_c_sub -h 127.0.0.1 -p "$port" -V "$version" -q "$qos" -t "$filter" -i "$name" --trace protocol "$@" \
    >"$dir/$name" 2>&1 &
  listener=$!
  await "$dir/$name" '<- SUBACK' "paho_c_sub $version $filter"
}

paho_c_says() {
  paho_c_pub -h 127.0.0.1 -p "$port" --quiet "$@"
}

# The messages that a subscriber printed so far, in order: NAME
heard() {
  sed -n -e 's/^message //p' -e 's/^.*<- PUBLISH msgid: [0-9]* \(qos: .*\)$/\1/p' "$dir/$1"
}

# The subscriber prints these lines, and no others: NAME WHAT EXPECTED
hears() {
  local received=
  for _ in $(seq 200); do
    received=$(heard "$1")
    [ "$received" != "$3" ] || return 0
    sleep 0.05
  done
  fail "$2" "$3" "$received"
}

# A stopped subscriber; with -9 it is lost: [SIGNAL]
stops() {
  kill "$@" "$listener"
  wait "$listener" 2>/dev/null || true
}

ok() {
  echo "interop: $1: ok"
}

mosquitto_exchanges() {
  local receiver sender qos
  for receiver in 311 5; do
    for sender in 311 5; do
      for qos in 0 1 2; do
        mosquitto_listens exchange "$receiver" "$qos" 'house/+/lamp/#'
        mosquitto_says -V "$sender" -q "$qos" -t house/kitchen/door -m 'not for you'
        mosquitto_says -V "$sender" -q "$qos" -t house/kitchen/lamp/state -m "on, $sender"
        mosquitto_says -V "$sender" -q "$qos" -t house/kitchen/lamp -m "there, $sender"
        hears exchange "mosquitto, QoS $qos from $sender to $receiver" \
          "house/kitchen/lamp/state $qos 0 on, $sender
house/kitchen/lamp $qos 0 there, $sender"
        stops
      done
    done
  done
  ok "mosquitto: versions and QoS"
}

# A retained message reaches a later subscriber, and an empty one removes it.
mosquitto_retains() {
  local version
  for version in 311 5; do
    local topic="house/retained/$version"
    mosquitto_says -V "$version" -q 1 -t "$topic" -m old -r
    mosquitto_says -V "$version" -q 2 -t "$topic" -m kept -r
    mosquitto_listens retained "$version" 1 "$topic"
    hears retained "mosquitto $version, retained" "$topic 1 1 kept"
    mosquitto_says -V "$version" -q 1 -t "$topic" -n -r
    hears retained "mosquitto $version, removal" "$topic 1 1 kept
$topic 1 0 "
    stops
    mosquitto_listens removed "$version" 1 "$topic"
    mosquitto_says -V "$version" -q 1 -t "$topic" -m later
    hears removed "mosquitto $version, after the removal" "$topic 1 0 later"
    stops
  done
  ok "mosquitto: retained"
}

mosquitto_dies() {
  local version watcher
  for version in 311 5; do
    mosquitto_listens watcher "$version" 1 "house/will/$version"
    watcher=$listener
    mosquitto_listens mortal "$version" 0 "house/none/$version" \
      --will-topic "house/will/$version" --will-payload lost --will-qos 1
    stops -9
    hears watcher "mosquitto $version, Will" "house/will/$version 1 0 lost"
    listener=$watcher
    stops
  done
  ok "mosquitto: Will"
}

mosquitto_resumes() {
  local version keep qos
  for version in 311 5; do
    keep="-c -i sleeper-$version"
    [ "$version" = 311 ] || keep="$keep -x 60"
    # The words of $keep are options.
    mosquitto_listens sleeper "$version" 2 "house/sleeper/$version" $keep
    stops
    for qos in 1 2; do
      mosquitto_says -V "$version" -q "$qos" -t "house/sleeper/$version" -m "away, $qos"
    done
    mosquitto_listens sleeper "$version" 2 "house/other/$version" $keep
    await "$dir/sleeper" 'away, 2' "mosquitto $version, resumption"
    [ "$(heard sleeper | sort)" = "house/sleeper/$version 1 0 away, 1
house/sleeper/$version 2 0 away, 2" ] || fail "mosquitto $version, resumption" "away, 1 and 2" "$(heard sleeper)"
    stops
  done
  ok "mosquitto: resumption"
}

mosquitto_describes() {
  mosquitto_listens properties 5 1 house/properties -D subscribe subscription-identifier 7 -F "$whole"
  mosquitto_says -V 5 -q 1 -t house/properties -m text \
    -D publish user-property z 1 -D publish user-property a 2 -D publish user-property z 1 \
    -D publish content-type text/plain -D publish message-expiry-interval 3600 -D publish payload-format-indicator 1 \
    -D publish response-topic house/answers -D publish correlation-data c1
  # A second may pass.
  await "$dir/properties" '^message' "mosquitto, properties"
  sed -i 's/|3599|/|3600|/' "$dir/properties"
  hears properties "mosquitto, properties" \
    'house/properties 1 0 text|z:1 a:2 z:1|text/plain|3600|1|house/answers|c1|7'
  stops
  ok "mosquitto: properties"
}

mosquitto_shares() {
  local first number expected
  mosquitto_listens first 5 1 '$share/workers/house/jobs'
  first=$listener
  mosquitto_listens second 5 1 '$share/workers/house/jobs'
  expected=
  for number in 1 2 3 4 5 6; do
    mosquitto_says -V 5 -q 1 -t house/jobs -m "job $number"
    expected="$expected${expected:+
}house/jobs 1 0 job $number"
  done
  for _ in $(seq 200); do
    [ "$(cat "$dir/first" "$dir/second" | grep -c '^message')" -lt 6 ] || break
    sleep 0.05
  done
  sleep 0.2
  local received
  received=$({ heard first && heard second; } | sort)
  [ "$received" = "$expected" ] || fail "mosquitto, shared subscription" "$expected" "$received"
  stops
  listener=$first
  stops
  ok "mosquitto: shared subscription"
}

paho_c_exchanges() {
  local receiver sender qos
  for receiver in 311 5; do
    for sender in 311 5; do
      for qos in 0 1 2; do
        paho_c_listens paho-c-exchange "$receiver" "$qos" 'house/paho-c/+/lamp/#'
        paho_c_says -V "$sender" -q "$qos" -t house/paho-c/kitchen/door -m 'not for you'
        paho_c_says -V "$sender" -q "$qos" -t house/paho-c/kitchen/lamp/state -m "on, $sender"
        hears paho-c-exchange "paho C, QoS $qos from $sender to $receiver" \
          "qos: $qos retained: 0 payload len($((4 + ${#sender}))): on, $sender"
        stops
      done
    done
  done
  ok "paho C: versions and QoS"
}

paho_c_retains() {
  local version
  for version in 311 5; do
    paho_c_says -V "$version" -q 2 -t "house/paho-c/$version" -m kept -r
    paho_c_listens paho-c-retained "$version" 1 "house/paho-c/$version"
    hears paho-c-retained "paho C $version, retained" 'qos: 1 retained: 1 payload len(4): kept'
    stops
    paho_c_says -V "$version" -q 1 -t "house/paho-c/$version" -n -r
    paho_c_listens paho-c-removed "$version" 1 "house/paho-c/$version"
    paho_c_says -V "$version" -q 1 -t "house/paho-c/$version" -m later
    hears paho-c-removed "paho C $version, after the removal" 'qos: 1 retained: 0 payload len(5): later'
    stops
  done
  ok "paho C: retained"
}

paho_c_dies() {
  local version watcher
  for version in 311 5; do
    paho_c_listens paho-c-watcher "$version" 1 "house/paho-c-will/$version"
    watcher=$listener
    paho_c_listens paho-c-mortal "$version" 0 "house/none/$version" \
      --will-topic "house/paho-c-will/$version" --will-payload lost --will-qos 1
    stops -9
    hears paho-c-watcher "paho C $version, Will" 'qos: 1 retained: 0 payload len(4): lost'
    listener=$watcher
    stops
  done
  ok "paho C: Will"
}

# What paho C can send of properties reaches mosquitto_sub.
paho_c_describes() {
  mosquitto_listens paho-c-properties 5 1 house/paho-c/properties -F "$whole"
  paho_c_says -V 5 -q 1 -t house/paho-c/properties -m text --user-property colour red --message-expiry 3600
  await "$dir/paho-c-properties" '^message' "paho C, properties"
  sed -i 's/|3599|/|3600|/' "$dir/paho-c-properties"
  hears paho-c-properties "paho C, properties" 'house/paho-c/properties 1 0 text|colour:red||3600||||'
  stops
  ok "paho C: properties"
}

mosquitto_checks() {
  mosquitto_exchanges
  mosquitto_retains
  mosquitto_dies
  mosquitto_resumes
  mosquitto_describes
  mosquitto_shares
}

paho_c_checks() {
  paho_c_exchanges
  paho_c_retains
  paho_c_dies
  paho_c_describes
}
