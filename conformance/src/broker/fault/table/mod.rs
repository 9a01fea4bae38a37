//! THE table of deliberate violations, one row each, in a file for each topic.
//!
//! A row is a sentence, the fault, its name, and the statements that the broker breaks with it. Behind them may stand
//! `also`, with the statements that cannot but break together with those, and why: a list, `refusals` for all that are
//! judged by whether a broker refuses, or `everything`; and `shows with`, what `serve` must be told for it to show.

mod auth;
mod connect;
mod connection;
mod deliver;
mod malformed;
mod property;
mod receive;
mod retain;
mod session;
mod subscribe;
mod will;

use auth::auth;
use connect::connect;
use connection::connection;
use deliver::deliver;
use malformed::malformed;
use property::property;
use receive::receive;
use retain::retain;
use session::session;
use subscribe::subscribe;
use will::will;

// Each file adds its rows to those that it is given, and hands them on to the next.
connect! { {} auth session connection will receive deliver retain subscribe property malformed faults }
