//! The code behind `/halls/{hall}`: every kind of action.

use super::{
    HallCountAnswer, HallHandler, HallJoinReply, HallRequest, HallSession, aims_channel,
    hall_channel, messages,
};
use crate::AppState;
use autumn_ws::{
    Bytes, Closed, Rejection,
    messages::Sender,
};

/// A client in a hall.
pub struct Hall {
    hall: Sender<super::HallMessage>,
    name: String,
}

impl HallHandler for Hall {
    async fn open(state: &AppState, request: HallRequest) -> Result<Self, Rejection> {
        Ok(Self {
            hall: hall_channel(&request.hall).sender(state.ws().channels()),
            name: "nobody".to_owned(),
        })
    }

    async fn on_say(
        &mut self,
        say: messages::Say,
        session: &mut HallSession,
    ) -> Result<(), Closed> {
        if say.text == "fail" {
            Err(std::io::Error::other("as the client wished"))?;
        }
        if let Some(at) = say.text.strip_prefix('+') {
            session.join(aims_channel(at)).await?;
        } else if let Some(at) = say.text.strip_prefix('-') {
            session.leave(aims_channel(at));
        }
        if say.text == "wrong" {
            return session.invalid("/text", "be polite").await;
        }
        let said = messages::Said {
            by: self.name.clone(),
            text: say.text,
        };
        self.hall.send(said);
        Ok(())
    }

    async fn on_join(
        &mut self,
        join: messages::Join,
        session: &mut HallSession,
    ) -> Result<HallJoinReply, Closed> {
        if join.name == "eve" {
            let reason = messages::DeniedReason::Banned;
            return Ok(messages::Denied { reason }.into());
        }
        let text = format!("welcome, {}", join.name);
        session.send(messages::Notice { text }).await?;
        self.name.clone_from(&join.name);
        let members = vec![join.name];
        let role = messages::Role::Member;
        Ok(messages::Joined { members, role }.into())
    }

    async fn on_leave(
        &mut self,
        _: messages::Leave,
        _: &mut HallSession,
    ) -> Result<messages::Left, Closed> {
        Ok(messages::Left {})
    }

    async fn on_count(
        &mut self,
        count: messages::Count,
        answer: HallCountAnswer,
        _: &mut HallSession,
    ) -> Result<(), Closed> {
        tokio::spawn(async move {
            for number in 1..=u64::from(count.to) {
                answer.send(messages::Counted { number }).await?;
            }
            let sum = (1..=i64::from(count.to)).sum();
            let data = Bytes::from_static(b"hi");
            answer.finish(messages::Total { sum, data }).await
        });
        Ok(())
    }

    async fn on_aim(
        &mut self,
        aim: messages::Aim,
        session: &mut HallSession,
    ) -> Result<(), Closed> {
        session.send(aim).await
    }

    async fn on_hello(
        &mut self,
        hello: messages::Hello,
        session: &mut HallSession,
    ) -> Result<(), Closed> {
        session.send(hello).await
    }

    async fn on_binary(&mut self, data: Bytes, session: &mut HallSession) -> Result<(), Closed> {
        let text = format!("{} bytes", data.len());
        session.send(messages::Notice { text }).await
    }
}
