"""The words around a proxy: what sellers call its parts, names of places, and words of ordinary sentences."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from enum import Enum


class Part(Enum):
    """What a label is for. ``SECRET`` and ``OTHER`` are known, and no part of a proxy."""

    HOST = "host"
    PORT = "port"
    USER = "user"
    PASSWORD = "password"  # noqa: S105 - the name of a part
    LOGIN = "login"
    TYPE = "type"
    SECRET = "secret"  # noqa: S105 - the name of a part
    OTHER = "other"


_PROXY = re.compile(r"prox(?:y|ies)|прокс|代理|隧道|proksi|پروکسی|प्रॉक्सी", re.IGNORECASE)


def names_in(text: str) -> tuple[str, ...]:
    """Names with semicolons between; a line break is as good as a space."""
    return tuple(" ".join(name.split()) for name in text.split(";"))


def words_of(text: str) -> frozenset[str]:
    """Words with spaces or line breaks between."""
    return frozenset(text.split())


def spaced(name: str, space: str = "[ _-]?") -> str:
    """A name as it is written in a pattern, with what may stand in it for a space."""
    return re.escape(name).replace(r"\ ", space)


def any_of(names: Iterable[str], spelling: Callable[[str], str] = re.escape) -> str:
    """A pattern for any of these names: a longer one goes before those that it begins with."""
    return "|".join(map(spelling, sorted(names, key=len, reverse=True)))


NAMES: dict[Part, tuple[str, ...]] = {
    Part.LOGIN: names_in(
        """
        credentials; creds; l/p; л/п; лог/пас; логпас; логпасс; лог пас; лог пасс;
        auth; auth data; proxy auth; proxy credentials;
        authentication; authorization; авторизация; данные для входа;
        认证信息; 账密; 代理账密; 账号信息; 登录信息; zugangsdaten
        """
    ),
    Part.HOST: names_in(
        """
        proxy ip:port; proxy host:port;
        ip:port; ips; ip : port; ip&port; adr; adress; host:port; ip/port; server:port; ip address:port;
        address:port; ip; ip address; host;
        hostname; host name; server; address; addr; endpoint; gateway; proxy; proxy ip; proxi; proxy host; proxy server;
        proxy address; proxy hostname; proxy endpoint; server ip; server address; server host; host/ip; ip/host;
        server ip/host; domain; proxy domain; host address; proxy url; proxy string; proxy details; entry point;
        entry node;
        super proxy; ipv4; ipv6; host ip; айпи; айпишник; ип; сервак; адр; ip адрес; ip-адрес; адрес; хост;
        сервер; прокси; прокси-сервер;
        адрес прокси; адрес сервера; ip прокси; ip:порт; ip:port прокси; хост/ip; шлюз; домен; прокси сервер; 地址;
        ip地址; ip 地址; 主机; 主机名; 服务器; 服务器地址; 代理; 代理ip; 代理地址; 代理服务器; 代理主机; 主机地址;
        域名; 網址; 位址; 主機; 伺服器; 网关; địa chỉ; địa chỉ ip; máy chủ; địa chỉ máy chủ; tên máy chủ;
        máy chủ proxy; dirección; dirección ip; direccion; direccion ip; servidor; anfitrión; endereço; endereço ip;
        serveur; adresse; adresse ip; hôte; hote; ip-adresse; adres; adres ip; serwer; indirizzo; indirizzo ip;
        sunucu; alamat; alamat ip; peladen; adresa; хост прокси; ホスト; サーバー; アドレス; 서버; 주소; 호스트;
        隧道; 隧道域名; 隧道地址; dia chi; dia chi ip; may chu; پروکسی; آدرس; होस्ट;
        เซิร์ฟเวอร์; ที่อยู่; الخادم; العنوان; المضيف; ip adresi; адреса; сервер проксі
        """
    ),
    Part.PORT: names_in(
        """
        port; prt; proxy port; cong; cong proxy; 隧道端口; پورت; पोर्ट;
        port number; port no; port nr; port(s); port range; ports; server port; порт; порту; порта;
        порте; порт прокси;
        номер порта; 端口; 端口号; 代理端口;
        埠; 連接埠; cổng; cổng proxy; puerto; porta; bağlantı noktası; ポート; 포트; พอร์ต; المنفذ
        """
    ),
    Part.USER: names_in(
        """
        user; u; l; л; uid; acc; логн; logn; username; user/login; login/user; username/login; user name;
        login; log; account; proxy user;
        proxy username; proxy login; login name;
        通行证书; 隧道账号; foydalanuvchi; felhasználó; uzivatel; потребител; ผู้ใช้; نام کاربری;
        user id; userid; sub user; subuser; auth user; usr; account name; proxy account; user login;
        логин; логином; лог; пользователь; имя пользователя; юзер; логин прокси;
        юзернейм; користувач; логін; ім'я користувача;
        账号; 帐号; 账户; 帐户; 用户; 用户名; 账户名; 帐户名; 用戶名; 帳號; 使用者名稱; 代理账号; 认证账号; tài khoản;
        tai khoan; taikhoan; ten dang nhap;
        tk; tên đăng nhập; người dùng; tên người dùng; tên tài khoản; đăng nhập; usuario; nombre de usuario; usuário;
        nome de usuário; utilizador; utilisateur; nom d'utilisateur; identifiant; benutzer; benutzername; nutzer;
        nutzername; anmeldename; użytkownik; nazwa użytkownika; utente; nome utente; kullanıcı; kullanıcı adı;
        pengguna; nama pengguna; uživatel; utilizator; gebruikersnaam; gebruiker; brukernavn; användarnamn;
        felhasználónév; ユーザー名; ユーザー; 사용자; 사용자명; 사용자 이름; 아이디; ชื่อผู้ใช้; اسم المستخدم;
        المستخدم; uživatelské jméno; nume utilizator; اسم الدخول; يوزر; यूज़रनेम; यूजरनेम; यूजर; उपयोगकर्ता नाम
        """
    ),
    Part.PASSWORD: names_in(
        """
        password; p; п; pass; пар; passwd; pwd; pw; psw; pass word; pass/key; proxy password; proxy pass; auth password;
        user password; passcode;
        通行密钥; 隧道密码; парола; jelszo; รหัส; رمز عبور; رمز;
        passphrase; pass phrase; parol; pasw; pswd; pswrd; psswrd; pasward; package key; пароль; паролем; пасс; пас;
        парольная фраза; пароль прокси; 密码;
        密碼; 口令; 代理密码; 认证密码; mật khẩu; mat khau; matkhau; mk; contraseña;
        contrasena; clave; senha; palavra-passe; mot de passe; mdp; passwort; kennwort; hasło; haslo; parola; şifre;
        sifre; kata sandi; sandi; heslo; parolă; wachtwoord; passord; lösenord; jelszó; パスワード; 비밀번호; 암호;
        รหัสผ่าน; كلمة المرور; كلمة السر; گذرواژه; adgangskode;
        парольчик; пассворд; пасик; الباسورد; باسورد; كلمه المرور; كلمه السر; الرمز السري; پسورد; पासवर्ड; パスコード;
        비번; 패스워드; סיסמה; şifrem
        """
    ),
    Part.TYPE: names_in(
        """
        type; proxy type; protocol; proxy protocol; scheme; protocols; тип; тип прокси; протокол; 类型; 代理类型;
        协议; 协议类型; 代理协议; 類型; 協議; loại; giao thức; loại proxy; tipo; protocolo; typ; protokoll;
        protocole; type de proxy; protokół; protokol; tür; tipe; tipo de proxy; connection type
        """
    ),
    Part.SECRET: names_in(
        """
        后台密码; 面板密码; panel password;
        token; access token; auth token; api token; bearer token; api key; api_key; apikey; access key; secret;
        secret key; client secret; private key; license key; pin; pin code; pincode; 2fa; otp; токен; ключ;
        ключ доступа; ключ api; api ключ; секрет; секретный ключ; пин; пин код; пинкод; pin код; 令牌; 密钥; 密匙; 秘钥;
        秘密; 密鑰; khóa; mã bí mật; mã pin; mã key; mã kích hoạt; key; key proxy;
        proxy key
        """
    ),
    Part.OTHER: names_in(
        """
        rotate; rotation; rotation link; rotation url; rotate url; rotate link; change ip; change ip url;
        change ip link; ip change url; ip change link; ip rotation; refresh url; refresh link; reset url;
        reset link; reboot link; reconnect link; link; url; api; api url; link change ip; change url;
        renew link; country; country code; city; state; region; location; geo; zip; zip code; asn; isp; provider;
        operator; carrier; mobile operator; network; expires; expire; expires at; expiration; expiry;
        expiration date; expiry date; expired; valid until; valid till; active until; end date; start date; date;
        created; bought; purchased; days left; remaining; status; speed; ping; latency; price; cost; name;
        proxy name; title; label; profile; profile name; group; note; notes; comment; comments; remark; remarks;
        description; tag; tags; id; proxy id; order; order id; order number; no; number; quantity; traffic;
        bandwidth; traffic left; plan; package; product; zone; pool; session; session id; session type; sticky;
        session time; lifetime; rotation interval; interval; ttl; external ip; whitelisted ip; allowed ip;
        authorized ip; my ip; exit ip; real ip; outgoing ip; current ip; public ip; your ip; whitelist;
        whitelist ip; dns; proxy dns; timezone; time zone; language; version; format; example; usage; anonymity;
        uptime; support; website; site; email; e-mail; telegram; contact; user agent; useragent; seller; shop;
        color; active; enabled; hi; hello; hey; thanks; attention; warning; important; info; ротация;
        поддержка; менеджер; канал; сайт; смена ip;
        ссылка; ссылка для смены ip; ссылка смены ip; ссылка на смену ip; ссылка ротации; url смены ip; страна;
        город; регион; оператор; срок; срок действия; действует до; активен до; оплачен до; истекает;
        дата окончания; окончание; дата; название; имя; комментарий; заметка; номер; заказ; статус; цена;
        внешний ip; тариф; провайдер; геолокация; гео; локация; осталось; 国家; 地区; 城市; 州; 到期; 到期时间;
        过期时间; 有效期; 备注; 名称; 编号; 订单号; 运营商; 状态; 出口ip; 刷新链接; 换ip链接; 提取链接; 链接;
        国家/地区; 位置; 时区; 套餐; 剩余流量; quốc gia; thành phố; vị trí; ngày hết hạn; hết hạn; hạn sử dụng;
        nhà mạng; link đổi ip; link xoay; đổi ip; ghi chú; tên; trạng thái; khu vực; thời hạn; ngày mua; loại mạng;
        ip thực; ip thật; país; pais; ciudad; cidade; caduca; vence; expira; nota; notas; enlace; nombre; estado;
        pays; ville; expire le; remarque; lien; nom; land; stadt; ablaufdatum; gültig bis; läuft ab; bemerkung;
        notiz; standort; anbieter; kraj; miasto; wygasa; uwagi; paese; città; scadenza; ülke; şehir; bitiş tarihi;
        giá; giá tiền; xác thực; validade; masa aktif; targeting; preis; preço; precio; prix; fiyat; harga;
        ip для привязки; ip выхода; udp relay; udp-relay; skip-cert-verify;
        后台端口; 管理端口; 认证方式; 验证方式; 授权方式;
        negara; kota; berlaku sampai; країна; місто; діє до; rotasyon
        """
    ),
}

#: Words that a header line over a table may have.
HEADER_WORDS = frozenset(
    word for part in Part for name in NAMES[part] for word in name.replace(":", " ").replace("/", " ").lower().split()
) | words_of(
    """
    proxy_address country_code city_name proxyhost proxyport proxyuser proxypass ip_address user_name pass_word
    proxy_type created_at last_verification valid # № expires_at ip_port rotate_url changeip refresh_url
    """
)

#: Words of sentences around a proxy: never a login.
PROSE = words_of(
    """
    a an the this that is are was be it its on at in to of for from with and or not no yes ok okay please pls plz
    thanks thank thx hi hello hey use using used try take here my your our his her their new old fast slow good bad
    best first second third next last one two three proxy proxies server works working dead alive test tested
    checked check now today tomorrow only just also too works? ok? again same as by via per month week day days year
    until till expires rotating static residential mobile datacenter isp dc private shared sticky lte 4g 5g
    unlimited premium free trial main backup office home work shop store account profile browser user users name
    client team customer instagram facebook amazon ebay google tiktok bank etsy shopify twitter reddit but me you we
    they he she i'm i ask see there then than so if when can will would should must may don't dont doesn't need
    needs want wants has have had do does did get got send sent give given и в на для с от к по это мой мои твой
    прокси новый старый рабочий не да нет пожалуйста спасибо вот держи бери тест за до или как что der die das und
    für mit von bitte danke hier ist mein neue neuer el la los las de para con por favor gracias este es mi nuevo le
    les des pour avec merci voici mon của cho với và là này cái mới cũ nhé ạ em anh chị giúp 请 谢谢 的 是 用 新 旧
    这个 代理
    """
)

#: Countries, as codes and names, and cities in which proxies are sold.
PLACES = words_of(
    """
    us usa uk gb de fr it es pt nl be at ch se no dk fi pl cz sk hu ro bg gr tr ru ua by kz ge am az il ae sa eg za
    ng ke in pk bd lk np cn hk tw jp kr vn th my sg id ph au nz ca mx br ar cl co pe ve ec uy py bo cr pa do cu pr
    ie is lu lv lt ee si hr rs ba mk al md cy mt eu asia europe america africa global world random any germany
    deutschland france italy italia spain españa portugal netherlands holland belgium austria österreich switzerland
    schweiz sweden norway denmark finland poland polska czechia slovakia hungary romania bulgaria greece turkey
    türkiye turkiye russia россия ukraine украина belarus kazakhstan казахстан georgia armenia azerbaijan israel uae
    dubai egypt nigeria kenya india pakistan bangladesh nepal china 中国 taiwan 台湾 japan 日本 korea vietnam việt
    nam thailand malaysia singapore indonesia philippines australia canada mexico brazil brasil argentina chile
    colombia peru venezuela ireland england britain scotland 美国 英国 德国 法国 香港 新加坡 сша германия франция
    англия польша mỹ đức london berlin paris madrid rome roma milan milano amsterdam vienna wien prague warsaw kyiv
    kiev moscow москва istanbul frankfurt munich münchen hamburg barcelona lisbon dublin brussels zurich geneva
    stockholm oslo copenhagen helsinki tokyo seoul beijing shanghai bangkok hanoi jakarta manila mumbai delhi sydney
    melbourne toronto vancouver montreal chicago dallas miami seattle atlanta boston denver phoenix houston york
    angeles vegas francisco diego ashburn washington texas florida california virginia ohio
    """
)

#: Top-level domains beside the codes of countries.
TOP_LEVEL = words_of(
    """
    agency app arpa asia biz center chat click cloud club com company corp dev digital edu email example fun gov
    group home host icu info int internal invalid lan life link live local localhost media mil mobi name net network
    online org page pro proxy rocks run services sh shop site solutions space store stream systems team tech test
    today tools top vip website win work world xyz zone
    """
)

#: What is written where there is no login.
NOTHING = words_of(
    """
    "" '' - -- blank empty false keine keins không leer n/a na nein nil ninguno ninguna no none null nothing vacío
    trống rỗng нет нету пусто пустой пустое отсутствует – — 无 無 空 没有 沒有 不需要 无需
    """
)
#: How one logs in, which some dashboards say where others have the login.
WAYS_IN = words_of(
    """
    yes true on required enabled ip whitelist whitelisted white list by via or and basic userpass user_pass user-pass
    password credentials да есть включена включено требуется нужна ja sí si oui có cần sim 是 有 需要 启用 开启
    """
)
#: What is written where a login is told elsewhere, or later.
ELSEWHERE = words_of(
    """
    same unknown later below above ask asked see sent send dm pm soon there here tba tbd todo undefined missing
    hidden wrong expired invalid incorrect denied rejected blocked failed error old new usual previous former forgot
    forgotten lost changed needed required before already is was
    in on at the my your his her from for to not isn't will works is: истёк истек неверный
    неверен неправильный устарел прежний прежняя прежние прежнее тот тотже та же
    такой такойже старый старая как обычно всегда ниже выше позже потом скину скинул отправлю отправил пришлю дам
    спроси спросить уточню неизвестно неизвестен неизвестный забыл забыла одинаковые одинаковый одинаков нужен лс
    личке тут там в на у из не есть это этот будет 错误 过期 失效
    同上 一样 不变 老样子 未知 待定 稍后 私聊 问我 忘了 错了 不对 như
    cũ sau hỏi gửi riêng sai rồi quên igual mismo desconocido gleich unbekannt später
    """
)

#: Names in the query of an ordinary link.
ORDINARY_NAMES = words_of("fbclid feature gclid hl id igsh igshid lang list p page q ref s si start t usp v")

_ROTATION = (
    *("rotat", "change", "refresh", "reset", "reboot", "reconnect", "renew", "смен", "ротац", "换ip", "刷新", "đổi ip"),
    *("xoay", "rotasyon"),
)
_OTHER_ADDRESS = (
    *("external", "whitelist", "allowed", "authorized", "my ip", "exit", "real ip", "outgoing", "current ip"),
    *("public ip", "your ip", "внешний", "出口", "ip thực", "ip thật", "dns"),
)


def names_proxy(text: str) -> bool:
    """Whether a word for a proxy stands in it, in any of the languages of these labels."""
    return _PROXY.search(text) is not None


def is_about_rotation(name: str) -> bool:
    """Whether a label is of a link that changes the address, or of an address that is not the proxy's own."""
    lower = name.lower().replace("_", " ")
    return any(word in lower for word in (*_ROTATION, *_OTHER_ADDRESS))
