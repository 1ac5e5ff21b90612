//! WebSocket sessions and channels for axum.
