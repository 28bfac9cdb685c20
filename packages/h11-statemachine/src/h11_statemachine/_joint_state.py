"""The states of both roles together, and where each event leads from there.

In: the tables. Out: one object for each combination that comes up, in which what the tables say
about it is worked out once, and looked up afterwards (RFC 9112 section 9).
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from h11_events import Immutable
from h11_statemachine._states import CLIENT, IDLE, SERVER, Role, State
from h11_statemachine._transitions import JOINT_RULES, REACTIONS, TRANSITIONS, Trigger


class JointState(Immutable):
    """The states of both roles when no joint rule applies any more, and what the rules look at.

    There is one object for each combination, which all connections share; it cannot be changed.

    Attributes:
        client: The state of the client.
        server: The state of the server.
        states: Both states, by role.
        keep_alive: Whether another cycle may follow.
        switch_proposed: Whether the client has proposed another protocol, and was not refused.
    """

    __slots__ = ("_after", "client", "keep_alive", "server", "states", "switch_proposed")

    client: State
    server: State
    states: Mapping[Role, State]
    keep_alive: bool
    switch_proposed: bool

    _after: "dict[Role, Moves]"
    """What follows on what a role says, by that role and the trigger. A `KeyError` says that it is
    not its turn."""

    def __init__(
        self, client: State, server: State, keep_alive: bool, switch_proposed: bool
    ) -> None:
        fields = {
            "client": client,
            "server": server,
            "states": MappingProxyType({CLIENT: client, SERVER: server}),
            "keep_alive": keep_alive,
            "switch_proposed": switch_proposed,
            "_after": {CLIENT: Moves(self, CLIENT), SERVER: Moves(self, SERVER)},
        }
        for name, value in fields.items():
            object.__setattr__(self, name, value)

    def __reduce__(self) -> tuple[object, ...]:
        """Return how to find the one object again, for `copy` and `pickle`."""
        return joint_state, (self.client, self.server, self.keep_alive, self.switch_proposed)

    def replace(
        self,
        *,
        client: State | None = None,
        server: State | None = None,
        keep_alive: bool | None = None,
        switch_proposed: bool | None = None,
    ) -> "JointState":
        """Return the joint state that follows if something changes.

        Args:
            client: The new state of the client.
            server: The new state of the server.
            keep_alive: Whether another cycle may follow now.
            switch_proposed: Whether another protocol is proposed now.
        """
        return joint_state(
            self.client if client is None else client,
            self.server if server is None else server,
            self.keep_alive if keep_alive is None else keep_alive,
            self.switch_proposed if switch_proposed is None else switch_proposed,
        )


class Moves(dict[Trigger, JointState]):
    """What follows from a joint state on what one role says; each is worked out when it comes up.

    Args:
        origin: The joint state.
        role: The role that says something.
    """

    __slots__ = ("_origin", "_role")

    def __init__(self, origin: JointState, role: Role) -> None:
        super().__init__()
        self._origin = origin
        self._role = role

    def __missing__(self, trigger: Trigger) -> JointState:
        """Look it up in the tables, and remember it.

        Raises:
            KeyError: If the role may not say that, or the other role could not react to it.
        """
        origin, role = self._origin, self._role
        to = TRANSITIONS[role][origin.states[role]][trigger]
        if role is SERVER:
            after = origin.replace(server=to)
        elif trigger in REACTIONS:
            after = origin.replace(client=to, server=REACTIONS[trigger][origin.server])
        else:
            after = origin.replace(client=to)
        self[trigger] = after
        return after


@cache
def joint_state(
    client: State, server: State, keep_alive: bool, switch_proposed: bool
) -> JointState:
    """Return the joint state that the joint rules lead to.

    Args:
        client: The state of the client.
        server: The state of the server.
        keep_alive: Whether another cycle may follow.
        switch_proposed: Whether the client has proposed another protocol, and was not refused.

    Returns:
        The one object for what is left when no rule applies any more.
    """
    for rule in JOINT_RULES:
        state, peer = (client, server) if rule.role is CLIENT else (server, client)
        if (
            rule.before is state
            and rule.peer in (None, peer)
            and rule.keep_alive in (None, keep_alive)
            and rule.switch_proposed in (None, switch_proposed)
        ):
            if rule.role is CLIENT:
                return joint_state(rule.after, server, keep_alive, switch_proposed)
            return joint_state(client, rule.after, keep_alive, switch_proposed)
    return JointState(client, server, keep_alive, switch_proposed)


# By place, as everybody asks for it: the cache would take names for another question.
START: Final = joint_state(IDLE, IDLE, True, False)
"""Where every cycle begins."""
