{%- match method.kind %}
{%- when MethodKind::Open %}
    async fn {{ method.name }}(_state: &{{ module.state.ty }}, _request: {{ endpoint.camel }}Request) -> Result<Self, Rejection> {
        // Everybody may connect. To refuse: `Err(Rejection::forbidden("members only"))`.
        Ok(Self)
    }
{%- when MethodKind::Message %}
    {%- if endpoint.hears_anything() %}
    async fn {{ method.name }}(&mut self, message: Message, session: &mut {{ endpoint.session }}) -> Result<(), Closed> {
        // The client has sent a message: answer it.
        session.{% if endpoint.typed.is_some() %}send_raw{% else %}send{% endif %}(message).await
    }
    {%- else %}
    async fn {{ method.name }}(&mut self, _message: Message, _session: &mut {{ endpoint.session }}) -> Result<(), Closed> {
        // The client has sent a message. To answer: `session.send(messages::…).await`.
        Ok(())
    }
    {%- endif %}
{%- when MethodKind::Kind with (said) %}
    async fn {{ method.name }}(&mut self, _{{ said.parameter }}: {{ said.ty }}, _session: &mut {{ endpoint.session }}) -> Result<(), Closed> {
        // The client has sent `{{ said.kind }}`. To answer: `session.send(messages::…).await`.
        Ok(())
    }
{%- when MethodKind::Request with (said, reply) %}
    async fn {{ method.name }}(&mut self, _{{ said.parameter }}: {{ said.ty }}, _session: &mut {{ endpoint.session }}) -> Result<{{ reply }}, Closed> {
        // The client has sent `{{ said.kind }}` and waits for a reply, which is what this returns.
        Err("`{{ method.name }}` is not written yet".into())
    }
{%- when MethodKind::Stream with (said, answer) %}
    async fn {{ method.name }}(&mut self, _{{ said.parameter }}: {{ said.ty }}, _answer: {{ answer }}, _session: &mut {{ endpoint.session }}) -> Result<(), Closed> {
        // The client has sent `{{ said.kind }}`: move the answer into a task, which sends parts and finishes it.
        Err("`{{ method.name }}` is not written yet".into())
    }
{%- when MethodKind::Binary %}
    async fn {{ method.name }}(&mut self, _data: Bytes, _session: &mut {{ endpoint.session }}) -> Result<(), Closed> {
        // The client has sent a binary frame.
        Ok(())
    }
{%- when MethodKind::Channel with (channel, ty) %}
    {%- if endpoint.typed.is_some() %}
    async fn {{ method.name }}(&mut self, _message: {{ ty }}, _session: &mut {{ endpoint.session }}) -> Result<(), Closed> {
        // A message was published to `{{ channel }}`. To pass it on, match it, and `session.send` what is in it.
        Ok(())
    }
    {%- else %}
    async fn {{ method.name }}(&mut self, message: {{ ty }}, session: &mut {{ endpoint.session }}) -> Result<(), Closed> {
        // A message was published to `{{ channel }}`: the client gets it as it is.
        session.send(message).await
    }
    {%- endif %}
{%- when MethodKind::Lag %}
    async fn {{ method.name }}(&mut self, lagged: Lagged, session: &mut {{ endpoint.session }}) -> Result<(), Closed> {
        // The client has missed messages: it may connect again and start afresh.
        let reason = format!("{} messages missed", lagged.missed);
        session.close({{ crates.autumn_ws }}::close_code::AGAIN, reason).await
    }
{%- when MethodKind::Gap %}
    async fn {{ method.name }}(&mut self, channel: &'static str, session: &mut {{ endpoint.session }}) -> Result<(), Closed> {
        // Messages may be missing: the client may connect again and start afresh.
        let reason = format!("messages on {channel} may be missing");
        session.close({{ crates.autumn_ws }}::close_code::RESTART, reason).await
    }
{%- when MethodKind::Tick %}
    {%- if endpoint.typed.is_some() %}
    async fn {{ method.name }}(&mut self, _session: &mut {{ endpoint.session }}) -> Result<(), Closed> {
        // Time has passed: send what is new.
        Ok(())
    }
    {%- else %}
    async fn {{ method.name }}(&mut self, session: &mut {{ endpoint.session }}) -> Result<(), Closed> {
        // Time has passed: send what is new.
        session.send("tick").await
    }
    {%- endif %}
{%- when MethodKind::Shutdown %}
    {%- if endpoint.typed.is_some() %}
    async fn {{ method.name }}(&mut self, _session: &mut {{ endpoint.session }}) -> Result<(), Closed> {
        // The server shuts down: say goodbye. Then the socket is closed.
        Ok(())
    }
    {%- else %}
    async fn {{ method.name }}(&mut self, session: &mut {{ endpoint.session }}) -> Result<(), Closed> {
        // The server shuts down: say goodbye. Then the socket is closed.
        session.send("goodbye").await
    }
    {%- endif %}
{%- when MethodKind::Opened | MethodKind::OwnChannel | MethodKind::Close %}
{%- endmatch %}
