//! What a server serves.

use crate::Bytes;
use axum::{
    Router,
    body::{Body, HttpBody},
    extract::Request,
    response::Response,
};
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;
use std::{any::Any, convert::Infallible, error::Error, mem::take};
use tower_service::Service;

/// A service that answers requests: a router, or what layers around one make of it.
pub(crate) trait Serves: Clone + Send + 'static {
    /// The same service, ready for many requests.
    fn prepared(self) -> Self;

    /// Answers a request.
    fn answer(self, request: Request) -> impl Future<Output = Response> + Send + 'static;
}

impl<S, B> Serves for S
where
    S: Service<Request, Response = Response<B>, Error = Infallible, Future: Send>,
    S: Clone + Send + 'static,
    B: HttpBody<Data = Bytes, Error: Into<Box<dyn Error + Send + Sync>>> + Send + 'static,
{
    fn prepared(mut self) -> Self {
        let service: &mut dyn Any = &mut self;
        if let Some(router) = service.downcast_mut::<Router>() {
            // Otherwise it would prepare its routes at each request.
            *router = take(router).with_state(());
        }
        self
    }

    fn answer(self, request: Request) -> impl Future<Output = Response> + Send + 'static {
        // It waits until the service is ready.
        let answer = TowerToHyperService::new(self).call(request);
        async move {
            match answer.await {
                Ok(response) => response.map(Body::new),
                Err(never) => match never {},
            }
        }
    }
}
