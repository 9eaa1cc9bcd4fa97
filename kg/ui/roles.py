"""Who may do what. Alone on this machine one may do everything; with a login, only the editors named may change data.

What a viewer may not do is refused here, where the pages get the service that writes: a hidden button protects nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

import streamlit as st

from kg.core.errors import MissingExtra, NotAllowed
from kg.core.rights import Groups, Rights
from kg.service import Service
from kg.service.audit import Actor, system_user
from kg.ui import backend

_CONTACTS = "contacts-shown"
_OF_A_PROXY = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Forwarded", "Via")


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who sits before the page. `refusal` says to a viewer why nothing can be changed; empty for an editor."""

    name: str
    refusal: str = ""

    @property
    def may_edit(self) -> bool:
        """Whether documents may be taken in, removed, and so on."""
        return not self.refusal


def has_login() -> bool:
    """Whether `.streamlit/secrets.toml` has a section [auth] (OpenID Connect)."""
    return bool(st.secrets.load_if_toml_exists() and "auth" in st.secrets)


def visitor() -> Visitor:
    """The one whose sitting this is."""
    if not has_login():
        if _only_this_machine():
            return Visitor(system_user("app").name)
        return Visitor(
            "",
            "本服务对网络开放而没有配置登录，所以只能查看。请配置登录（使用手册“多人使用”），或在本机用 127.0.0.1 打开",
        )
    if not st.user.is_logged_in:
        return Visitor("", "请先登录")
    email = str(st.user.get("email") or "")
    if st.user.get("email_verified", True) is False:
        return Visitor(email, f"登录服务没有核实 {email} 这个邮箱，所以只能查看")
    editors = {item.strip().casefold() for item in backend.service().settings.editors.split(",")} - {""}
    if email.casefold() in editors:
        return Visitor(email)
    return Visitor(
        email,
        f"您以 {email or '（没有邮箱的账号）'} 登录，可以查看，不能改数据。需要时请管理员把它加入设置 POLICYKG_EDITORS",
    )


def writer() -> Service:
    """The service for changing data, on behalf of the visitor, for the audit log. Raises `NotAllowed`."""
    who = visitor()
    if not who.may_edit:
        raise NotAllowed(who.refusal)
    return backend.service().acting(Actor(who.name, "app"))


def gate() -> None:
    """Where a login is configured nothing is shown without one: draws the invitation and ends the run."""
    if not has_login() or st.user.is_logged_in:
        return
    st.title("政策知识库", anchor=False)
    st.markdown("请用单位账号登录后使用。")
    try:
        import authlib  # type: ignore[import-untyped]  # noqa: F401  st.login needs it
    except ImportError:
        st.error(MissingExtra("login", "登录").message, icon=":material/error:")
    else:
        st.button("登录", type="primary", key="login", on_click=st.login)
    st.stop()


def show_visitor() -> None:
    """In the side bar: the account, what it may do, and the way out."""
    if not has_login():
        return
    who = visitor()
    st.caption(f"{who.name} · {'可以改数据' if who.may_edit else '只能查看'}")
    st.button("退出登录", key="logout", on_click=st.logout, width="stretch")


def groups() -> Groups | None:
    """What the visitor may see, of documents (`rights.toml`); None for everything."""
    rights = Rights.load(backend.service().settings.home)
    if rights is None or visitor().may_edit:  # who takes documents in and removes them knows them all
        return None
    is_known = has_login() and st.user.is_logged_in and st.user.get("email_verified", True) is not False
    return rights.of_reader(str(st.user.get("email") or "") if is_known else "")


def view() -> None:
    """Read from the newest generation, as the visitor may see it: at the beginning, and after a change of theirs."""
    backend.begin(contacts=shows_contacts(), groups=groups())


def may_see_contacts() -> bool:
    """Whether the visitor may ask for contacts: alone on this machine, or named in the settings."""
    who = visitor()
    if not has_login():
        return who.may_edit
    readers = {item.strip().casefold() for item in backend.service().settings.contact_readers.split(",")} - {""}
    verified = st.user.is_logged_in and st.user.get("email_verified", True) is not False
    return bool(verified) and who.name.casefold() in readers


def shows_contacts() -> bool:
    """Whether this sitting shows contacts: switched on by someone who may."""
    return bool(st.session_state.get(_CONTACTS)) and may_see_contacts()


def show_contacts() -> None:
    """In the side bar: the switch, for those who may use it."""
    if may_see_contacts():
        st.toggle(
            "显示联系方式", key=_CONTACTS, on_change=_note_contacts, help="联系人、电话等个人信息；打开会记入操作记录"
        )


def _note_contacts() -> None:
    if not st.session_state.get(_CONTACTS):
        return
    if not backend.service().acting(Actor(visitor().name, "app")).record("contacts", {"what": "app"}):
        st.session_state[_CONTACTS] = False  # shown to nobody of whom nothing is known
        st.toast("操作记录无法写入（磁盘已满或只读），未显示联系方式；请清出空间后重试")


def _only_this_machine() -> bool:
    """Whether the app listens on loopback alone, and a browser of this machine speaks to it there, not a proxy.

    A proxy on this machine is a loopback peer too, and may leave out or rewrite any header; but the page that a browser
    of another machine shows has another origin, and every browser sends that with a WebSocket (RFC 6455 §10.2). So
    both must be there and be loopback, and a header that only proxies send is enough to refuse.
    """
    headers = _headers()
    if any(name in headers for name in _OF_A_PROXY):
        return False
    host = _host(f"//{headers.get('Host', '')}")
    origin = _host(headers.get("Origin", ""))
    return all(map(_is_loopback, (str(st.get_option("server.address") or ""), host, origin, _peer())))


def _headers() -> Mapping[str, str]:
    return st.context.headers


def _peer() -> str:
    return st.context.ip_address or "localhost"  # None stands for loopback


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:  # [::1 without its end
        return ""


def _is_loopback(address: str) -> bool:
    if address == "localhost":
        return True
    try:
        return ip_address(address).is_loopback
    except ValueError:  # a name, or nothing: every network that the machine has
        return False
