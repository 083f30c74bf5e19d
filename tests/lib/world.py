"""The people most tests play with.

    admin    the first account: system admin; owns the team
    romeo    member of the team and both channels
    juliet   member of the team and both channels
    paris    has an account, is in no team: the stranger
    guest    a guest in `verona` only
    nurse    team admin
    team     "capulet", open
    verona   public channel
    balcony  private channel
"""

import functools

from .client import Client


class World:
    def __init__(self, server, documented=None):
        self.server, self.documented = server, documented
        self.nobody = Client(server, documented)
        self.admin = self.person("admin")
        self.romeo = self.person("romeo")
        self.juliet = self.person("juliet")
        self.paris = self.person("paris")
        self.team = self.admin.make_team("capulet")
        self.admin.join_team(self.team, self.romeo, self.juliet)

    def person(self, name):
        """Signs up and logs in."""
        client = Client(self.server, self.documented, name)
        client.sign_up(name)
        return client.log_in(name)

    @functools.cached_property
    def verona(self):
        return self.admin.make_channel(self.team, self.romeo, self.juliet, name="verona")

    @functools.cached_property
    def balcony(self):
        return self.admin.make_channel(self.team, self.romeo, self.juliet, name="balcony", kind="P")

    @functools.cached_property
    def town_square(self):
        return self.admin.channel_named(self.team, "town-square")

    @functools.cached_property
    def guest(self):
        guest = self.person("guest")
        self.admin.join_team(self.team, guest)
        self.admin.post(f"/channels/{self.verona['id']}/members", {"user_id": guest.id}, expect=201)
        self.admin.post(f"/users/{guest.id}/demote")
        return guest.clone().log_in("guest")

    @functools.cached_property
    def nurse(self):
        person = self.person("nurse")
        self.admin.join_team(self.team, person)
        self.admin.put(f"/teams/{self.team['id']}/members/{person.id}/roles", {"roles": "team_user team_admin"})
        return person
