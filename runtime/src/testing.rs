//! A server and a client for the tests of an application.
