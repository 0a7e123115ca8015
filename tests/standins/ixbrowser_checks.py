"""How the stand-in of ixBrowser checks what it is sent: the refusals that the reference documents."""

from __future__ import annotations

from tests.standins.ixbrowser_world import Row, TakesExtraction, World

#: The messages of the codes that the stand-in gives by itself, as ixBrowser's error table words them.
MESSAGES = {
    0: "success",
    1000: "Missing required parameters",
    1001: "Invalid request",
    1002: "Please log in again",
    1004: "System error, try again later",
    1005: "The current version is too low, please upgrade the version and try again",
    1007: "Illegal request",
    1008: "Your permissions are restricted",
    1010: "Your operation was too fast, please try again later.",
    1011: "The operation failed.",
    1012: "Password field cannot be empty",
    1013: "Wrong Password",
    1014: "The current profile is inoperable",
    1016: "Request timeout,Try again after switching lines.",
    1017: "The current plan's XXX daily createable profiles have been used up. The profile creation failed, please "
    "upgrade the plan or try again after 24 hours",
    2001: "Profile ID cannot be empty",
    2002: "Proxy information does not exist",
    2003: "Residential Proxy does not exist",
    2007: "Profile does not exist",
    2009: "Proxy method cannot be empty",
    2010: "Proxy method is not within the scope",
    101005: "Proxy id cannot be empty",
    101006: "Proxy ip cannot be empty",
    101007: "The proxy port cannot be empty",
    101008: "Proxy type not in range",
    101009: "Proxy type cannot be empty",
    101043: "proxy_service is not in range",
    101044: "proxy_data_format_type is not in range",
    101045: "proxy_extraction_method is not in range",
    101046: "Extraction link cannot be empty",
    101049: "proxy_data_txt_format is not in range",
    101051: "proxy_data_json_format.ip cannot be empty",
    101052: "proxy_data_json_format.port cannot be empty",
    102009: "Group does not exist",
    105001: "Group name cannot be empty",
    105002: "Group name already exists",
    105003: "Group sorting cannot be empty",
    110001: "Transfer code cannot be empty",
    110002: "The transfer code is wrong",
    110003: "Do not transfer profiles to yourself",
    110004: "Group does not exist",
}

PROXY_TYPES = frozenset({"http", "https", "socks5", "ssh"})
TEXT_FORMATS = frozenset(
    {
        "ip:port",
        "ip:port:username:password",
        "username:password@ip:port",
        "ip:port@username:password",
        "username:password:ip:port",
    }
)
MAX_PORT = 65_535


class ActionRefused(Exception):
    """ixBrowser says no, with a code of its error table."""

    def __init__(self, code: int) -> None:
        super().__init__(f"{code}: {MESSAGES.get(code, '')}")
        self.code = code


def is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def refuse_unless(condition: object, code: int) -> None:
    if not condition:
        raise ActionRefused(code)


def required(body: Row, name: str) -> object:
    """A field that must be there; it may be empty."""
    refuse_unless(body.get(name) is not None, 1000)
    return body[name]


def checked_import_proxy(world: World, config: object) -> Row | None:
    """The proxy that the import's ``proxy_config`` gives the profile; None where it is not touched."""
    if not isinstance(config, dict):
        raise ActionRefused(1000)
    _check_bypass(config, strict=world.strict_bypass)
    if config.get("proxy_mode", 2) != 4:
        return checked_proxy(world, config)
    if world.takes_extraction is TakesExtraction.IGNORED:
        return None
    refuse_unless(world.takes_extraction is TakesExtraction.TAKEN, 101005)
    return checked_extraction(config)


def checked_proxy(world: World, config: Row) -> Row:
    """A proxy of mode 1, 2 or 3, as a row of the profile list shows it."""
    mode = config.get("proxy_mode", 2)
    refuse_unless(mode not in (None, ""), 2009)
    refuse_unless(is_number(mode) and mode in {1, 2, 3}, 2010)
    if mode == 2:
        return _checked_custom(config)
    number = _checked_id(config.get("proxy_id"))
    if mode == 1:
        refuse_unless(number in world.packages, 2003)
        new_ip = config.get("traffic_package_ip_policy", False)
        refuse_unless(isinstance(new_ip, bool), 1000)
        return {"proxy_mode": 1, "proxy_id": number, "traffic_package_ip_policy": new_ip}
    bought = world.proxies.get(number)
    if bought is None or bought["type"] != 2:
        raise ActionRefused(2002)
    return {"proxy_mode": 3, "proxy_id": number} | {
        name: bought[name] for name in ("proxy_type", "proxy_ip", "proxy_port")
    }


def checked_extraction(config: Row) -> Row:
    """A proxy of mode 4, as a row of the profile list shows it."""
    refuse_unless(config.get("proxy_mode") == 4, 2010)
    refuse_unless(_is_one_of(PROXY_TYPES | {"direct"}, config.get("proxy_type")), 101008)
    refuse_unless(config.get("proxy_service") == "general", 101043)
    refuse_unless(config.get("proxy_extraction_method") in ("invalid", "every_type"), 101045)
    refuse_unless(config.get("proxy_url"), 101046)
    kind = config.get("proxy_data_format_type")
    refuse_unless(kind in ("txt", "json"), 101044)
    if kind == "txt":
        refuse_unless(_is_one_of(TEXT_FORMATS, config.get("proxy_data_txt_format")), 101049)
    else:
        fields = config.get("proxy_data_json_format")
        refuse_unless(isinstance(fields, dict) and fields.get("ip"), 101051)
        refuse_unless(isinstance(fields, dict) and fields.get("port"), 101052)
    return {name: value for name, value in config.items() if name not in ("enable_bypass", "bypass_list")}


def _checked_custom(config: Row) -> Row:
    kind = config.get("proxy_type", "direct")
    refuse_unless(kind not in (None, ""), 101009)
    if kind == "direct":
        return {"proxy_mode": 2, "proxy_type": "direct"}
    refuse_unless(_is_one_of(PROXY_TYPES, kind), 101008)
    refuse_unless(isinstance(config.get("proxy_ip"), str) and config["proxy_ip"], 101006)
    port = config.get("proxy_port")
    refuse_unless(isinstance(port, str) and port.isdecimal() and 0 < int(port) <= MAX_PORT, 101007)
    login = {name: config.get(name, "") for name in ("proxy_user", "proxy_password")}
    refuse_unless(all(isinstance(value, str) for value in login.values()), 1000)
    return {"proxy_mode": 2, "proxy_type": kind, "proxy_ip": config["proxy_ip"], "proxy_port": port} | login


def _checked_id(value: object) -> int:
    """A ``proxy_id``: documented as a string, sent as a number by the official client."""
    refuse_unless(value not in (None, ""), 101005)
    refuse_unless(is_number(value) or (isinstance(value, str) and value.isdecimal()), 2002)
    return int(str(value))


def _is_one_of(names: frozenset[str], value: object) -> bool:
    return isinstance(value, str) and value in names


def _check_bypass(config: Row, *, strict: bool) -> None:
    """Both fields are marked as required. The official client sends the first as a boolean, or neither."""
    switch, domains = config.get("enable_bypass"), config.get("bypass_list")
    if not strict and switch is None and domains is None:
        return
    refuse_unless(isinstance(switch, bool) or switch in ("0", "1"), 1000)
    refuse_unless(isinstance(domains, str), 1000)
