{%- match method.kind %}
{%- when MethodKind::Open %}
    async fn {{ method.name }}(_state: &{{ module.state.ty }}, _request: {{ endpoint.camel }}Request) -> Result<Self, Rejection> {
        // Everybody may connect. To refuse: `Err(Rejection::forbidden("members only"))`.
        Ok(Self)
    }
{%- when MethodKind::Message %}
    async fn {{ method.name }}(&mut self, message: Message, session: &mut Session) -> Result<(), Closed> {
        // The client has sent a message: answer it.
        session.send(message).await
    }
{%- when MethodKind::Channel with (channel) %}
    async fn {{ method.name }}(&mut self, message: Message, session: &mut Session) -> Result<(), Closed> {
        // A message was published to `{{ channel }}`: the client gets it as it is.
        session.send(message).await
    }
{%- when MethodKind::Lag %}
    async fn {{ method.name }}(&mut self, lagged: Lagged, session: &mut Session) -> Result<(), Closed> {
        // The client has missed messages: it may connect again and start afresh.
        let reason = format!("{} messages missed", lagged.missed);
        session.close({{ crates.autumn_ws }}::close_code::AGAIN, reason).await
    }
{%- when MethodKind::Gap %}
    async fn {{ method.name }}(&mut self, channel: &'static str, session: &mut Session) -> Result<(), Closed> {
        // Messages may be missing: the client may connect again and start afresh.
        let reason = format!("messages on {channel} may be missing");
        session.close({{ crates.autumn_ws }}::close_code::RESTART, reason).await
    }
{%- when MethodKind::Tick %}
    async fn {{ method.name }}(&mut self, session: &mut Session) -> Result<(), Closed> {
        // Time has passed: send what is new.
        session.send("tick").await
    }
{%- when MethodKind::Shutdown %}
    async fn {{ method.name }}(&mut self, session: &mut Session) -> Result<(), Closed> {
        // The server shuts down: say goodbye. Then the socket is closed.
        session.send("goodbye").await
    }
{%- when MethodKind::Opened | MethodKind::OwnChannel | MethodKind::Close %}
{%- endmatch %}
