//! Where a broker listens: `localhost`, `host:1883`, `[::1]:1883`, `mqtt://user:pass@host`, `wss://host/path`.

use std::fmt;
use std::net::Ipv6Addr;
use std::str::FromStr;

use mqtt_assay_codec::ProtocolVersion;

/// The address of a broker, as the command line takes it.
#[derive(Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "plain data")]
pub struct Address {
    /// The one version that is served there, if the address says so.
    pub version: Option<ProtocolVersion>,
    /// What is spoken there below MQTT.
    pub scheme: Scheme,
    /// The host's name or address; an IPv6 address without brackets.
    pub host: String,
    /// The port.
    pub port: u16,
    /// The path of the WebSocket resource; empty without WebSocket.
    pub path: String,
    /// The user name.
    pub user: Option<String>,
    /// The password.
    pub password: Option<String>,
}

/// What is spoken below MQTT, as a URL names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "the runner's whole choice")]
pub enum Scheme {
    /// TCP.
    Mqtt,
    /// TLS.
    Mqtts,
    /// WebSocket.
    Ws,
    /// WebSocket over TLS.
    Wss,
}

impl Scheme {
    const ALL: [Self; 4] = [Self::Mqtt, Self::Mqtts, Self::Ws, Self::Wss];

    /// Its name in a URL.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mqtt => "mqtt",
            Self::Mqtts => "mqtts",
            Self::Ws => "ws",
            Self::Wss => "wss",
        }
    }

    /// Whether it speaks TLS.
    #[must_use]
    pub const fn has_tls(self) -> bool {
        matches!(self, Self::Mqtts | Self::Wss)
    }

    /// Whether it speaks WebSocket.
    #[must_use]
    pub const fn has_websocket(self) -> bool {
        matches!(self, Self::Ws | Self::Wss)
    }

    /// The port that IANA assigned to it.
    const fn default_port(self) -> u16 {
        match self {
            Self::Mqtt => 1883,
            Self::Mqtts => 8883,
            Self::Ws => 80,
            Self::Wss => 443,
        }
    }

    fn of_url(name: &str) -> Result<Self, AddressError> {
        if name == "tcp" {
            return Ok(Self::Mqtt);
        }
        let found = Self::ALL.into_iter().find(|scheme| scheme.name() == name);
        found.ok_or_else(|| {
            AddressError(format!(
                "the scheme {name}:// is not supported; allowed are mqtt://, mqtts://, ws:// and wss://"
            ))
        })
    }
}

impl Address {
    /// The address as the command line takes it, with stars for the password.
    #[must_use]
    pub fn masked(&self) -> String {
        let Some(user) = &self.user else {
            return self.to_string();
        };
        let version = self.version.map(|version| format!("{version}="));
        let place = Place(self);
        let scheme = self.scheme.name();
        format!(
            "{}{scheme}://{user}:***@{place}",
            version.unwrap_or_default()
        )
    }
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let (version, rest) = match text.split_once('=') {
            Some((version, rest)) if !version.contains(['/', '@', ':']) => {
                let version = version
                    .parse()
                    .map_err(|error| AddressError(format!("{error}, found '{version}'")))?;
                (Some(version), rest)
            }
            _ => (None, text),
        };
        let (scheme, rest) = match rest.split_once("://") {
            Some((name, rest)) => (Scheme::of_url(name)?, rest),
            None => (Scheme::Mqtt, rest),
        };
        let (rest, path) = match rest.find('/') {
            Some(at) if scheme.has_websocket() => rest.split_at(at),
            None if scheme.has_websocket() => (rest, "/"),
            _ if text.contains("://") => (rest.trim_end_matches('/'), ""),
            _ => (rest, ""),
        };
        if !path.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(AddressError(format!(
                "the path '{path}' has characters that a URL writes with '%'"
            )));
        }
        let (credentials, place) = match rest.rsplit_once('@') {
            Some((credentials, place)) => (Some(credentials), place),
            None => (None, rest),
        };
        let (user, password) = match credentials.map(|c| c.split_once(':').unwrap_or((c, ""))) {
            Some((user, "")) => (Some(percent_decoded(user)?), None),
            Some((user, password)) => (
                Some(percent_decoded(user)?),
                Some(percent_decoded(password)?),
            ),
            None => (None, None),
        };
        let (host, port) = host_and_port(place)?;
        Ok(Self {
            version,
            scheme,
            host,
            port: port.unwrap_or_else(|| scheme.default_port()),
            path: path.to_owned(),
            user,
            password,
        })
    }
}

/// The address without user and password.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(version) = self.version {
            write!(f, "{version}=")?;
        }
        if self.scheme != Scheme::Mqtt {
            write!(f, "{}://", self.scheme.name())?;
        }
        Place(self).fmt(f)
    }
}

/// What follows the user in a URL.
struct Place<'a>(&'a Address);

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Address {
            host, port, path, ..
        } = self.0;
        if host.contains(':') {
            write!(f, "[{host}]:{port}{path}")
        } else {
            write!(f, "{host}:{port}{path}")
        }
    }
}

/// As [`Display`](fmt::Display): a password is not printed.
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({self})")
    }
}

/// A text is no address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressError(String);

impl fmt::Display for AddressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for AddressError {}

fn host_and_port(place: &str) -> Result<(String, Option<u16>), AddressError> {
    let (host, port) = if let Some(rest) = place.strip_prefix('[') {
        let Some((host, rest)) = rest.split_once(']') else {
            return Err(AddressError(format!("'{place}' has a '[' without its ']'")));
        };
        if host.parse::<Ipv6Addr>().is_err() {
            return Err(AddressError(format!("'{host}' is no IPv6 address")));
        }
        match rest.strip_prefix(':') {
            Some(port) => (host, Some(port)),
            None if rest.is_empty() => (host, None),
            None => {
                return Err(AddressError(format!(
                    "'{rest}' after the host; allowed is ':PORT'"
                )));
            }
        }
    } else if place.parse::<Ipv6Addr>().is_ok() {
        (place, None)
    } else {
        match place.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (place, None),
        }
    };
    if host.is_empty() {
        return Err(AddressError("no host; the form is HOST:PORT".to_owned()));
    }
    let port = match port {
        None => None,
        Some(port) => match port.parse() {
            Ok(port) if port > 0 => Some(port),
            _ => {
                return Err(AddressError(format!(
                    "'{port}' is no port; allowed are 1 to 65535"
                )));
            }
        },
    };
    Ok((host.to_owned(), port))
}

/// Resolves `%40` and the like, by which a URL carries any character.
fn percent_decoded(text: &str) -> Result<String, AddressError> {
    let wrong = || AddressError(format!("'{text}' has a '%' that no two hex digits follow"));
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        if byte != b'%' {
            bytes.push(byte);
            rest = tail;
            continue;
        }
        let digits = tail
            .get(..2)
            .and_then(|digits| std::str::from_utf8(digits).ok());
        let value = digits
            .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(value.ok_or_else(wrong)?);
        rest = tail.get(2..).unwrap_or_default();
    }
    String::from_utf8(bytes).map_err(|_| AddressError(format!("'{text}' is not UTF-8")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let actual = match text.parse::<Address>() {
            Ok(address) => match (&address.user, &address.password) {
                (None, None) => address.to_string(),
                (user, password) => format!("{address} {user:?} {password:?}"),
            },
            Err(error) => error.to_string(),
        };
        assert_eq!(actual, expected, "{text}");
    }

    #[test]
    fn a_host_may_be_a_name_or_an_address_with_or_without_port() {
        check("localhost", "localhost:1883");
        check("broker.example:1884", "broker.example:1884");
        check("127.0.0.1:1", "127.0.0.1:1");
        check("::1", "[::1]:1883");
        check("[::1]", "[::1]:1883");
        check("[fe80::1]:65535", "[fe80::1]:65535");
    }

    #[test]
    fn a_url_may_carry_credentials() {
        check("mqtt://localhost/", "localhost:1883");
        check("mqtt://u:p@h:5", "h:5 Some(\"u\") Some(\"p\")");
        check(
            "mqtt://u%40x:p%3a%2F@[::1]",
            "[::1]:1883 Some(\"u@x\") Some(\"p:/\")",
        );
        check("mqtt://u@h", "h:1883 Some(\"u\") None");
        check("u:p=1@h", "h:1883 Some(\"u\") Some(\"p=1\")");
    }

    #[test]
    fn a_scheme_says_what_is_below_mqtt() {
        check("mqtts://h", "mqtts://h:8883");
        check("ws://h", "ws://h:80/");
        check("wss://h/mqtt?x=1", "wss://h:443/mqtt?x=1");
        check("5.0=ws://[::1]:8083/mqtt", "5.0=ws://[::1]:8083/mqtt");
        check("ws://u:p@h:1/a", "ws://h:1/a Some(\"u\") Some(\"p\")");
    }

    #[test]
    fn an_address_can_be_shown_with_its_user_and_without_the_password() {
        let masked = |text: &str| text.parse::<Address>().unwrap().masked();
        assert_eq!(masked("5.0=wss://u:p@h/x"), "5.0=wss://u:***@h:443/x");
        assert_eq!(masked("mqtt://u:p@[::1]"), "mqtt://u:***@[::1]:1883");
        assert_eq!(masked("ws://h"), "ws://h:80/");
    }

    #[test]
    fn a_version_may_have_its_own_address() {
        check("5.0=localhost:1884", "5.0=localhost:1884");
        check("3.1.1=mqtt://[::1]:1884", "3.1.1=[::1]:1884");
        check(
            "4.0=h",
            "unknown protocol version; allowed are 3.1.1 and 5.0, found '4.0'",
        );
    }

    #[test]
    fn what_is_no_address_says_why() {
        check("", "no host; the form is HOST:PORT");
        check(":1883", "no host; the form is HOST:PORT");
        check("h:0", "'0' is no port; allowed are 1 to 65535");
        check("h:65536", "'65536' is no port; allowed are 1 to 65535");
        check("h:", "'' is no port; allowed are 1 to 65535");
        check("[::1", "'[::1' has a '[' without its ']'");
        check("[h]:1", "'h' is no IPv6 address");
        check("[::1]1", "'1' after the host; allowed is ':PORT'");
        check(
            "http://h",
            "the scheme http:// is not supported; allowed are mqtt://, mqtts://, ws:// and wss://",
        );
        check(
            "ws://h/a b",
            "the path '/a b' has characters that a URL writes with '%'",
        );
        check(
            "mqtt://u%4@h",
            "'u%4' has a '%' that no two hex digits follow",
        );
        check(
            "mqtt://%+1@h",
            "'%+1' has a '%' that no two hex digits follow",
        );
        check("mqtt://%ff@h", "'%ff' is not UTF-8");
    }

    #[test]
    fn a_password_is_not_printed() {
        let address: Address = "mqtt://u:secret@h".parse().unwrap();
        assert_eq!(format!("{address} {address:?}"), "h:1883 Address(h:1883)");
    }
}
