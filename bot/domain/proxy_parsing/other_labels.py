"""Lines about something else than a proxy: "Аккаунт: Marta Kovalska", "Nhân viên: Thảo", "Payment: card".

Only names that hardly anyone gives to a user or a password of a proxy are in here. Where a password is told without its
user, one that names somebody may be the user all the same.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from bot.domain.proxy_parsing.addresses import find_addresses, find_hosts
from bot.domain.proxy_parsing.label_values import OF_LOGIN, Label
from bot.domain.proxy_parsing.late_pattern import LatePattern
from bot.domain.proxy_parsing.vocabulary import Part, any_of, names_in, spaced
from bot.domain.proxy_parsing.words import is_password

_SOMEBODY = names_in(
    """
    ad account; account manager; account owner; profile; nick; nickname; shop; shop name; store; store name; page;
    page name; fan page; customer; client; client name; customer name; buyer; assigned to; assignee; employee; worker;
    staff; owner; manager; responsible; operator name; team lead; member; friend; person; model; bm; business manager;
    business; company; brand; аккаунт; акк; учетка; учётка; учетная запись; учётная запись; имя аккаунта;
    название аккаунта; имя профиля; название профиля; профиль; ник; никнейм; магазин; название магазина; страница;
    группа; клиент; заказчик; покупатель; для кого; кому; кто; сотрудник; работник; исполнитель; менеджер;
    ответственный; ответственная; владелец; хозяин; партнер; партнёр; байер; баер; фармер; друг; модель; бм; кабинет;
    рекламный кабинет; рк; компания; фирма; бренд; профіль; обліковий запис; акаунт; клієнт; замовник; співробітник;
    працівник; відповідальний; власник; сторінка; нік; профайл; 店铺; 店铺名; 店铺名称; 账户名称; 账号名称; 店名;
    环境; 环境名; 环境名称; 窗口; 窗口名称; 窗口名; 客户; 客户名称; 员工; 负责人; 使用人; 使用者; 运营; 运营人员;
    买家; 卖家; 公司; 品牌; 昵称; 主页; 店铺账号; hồ sơ; tên hồ sơ; profile name; tên profile; nhân viên;
    tên nhân viên; tên shop; cửa hàng; tên cửa hàng; gian hàng; khách hàng; khách; tên khách; người dùng máy;
    người phụ trách; phụ trách; người nhận; tên nick; tài khoản shop; tài khoản ads; tài khoản qc; công ty; trang;
    fanpage; perfil; cuenta; tienda; cliente; empleado; dueño; encargado; responsable; página; conta; loja;
    funcionário; funcionario; dono; responsável; empresa; profil; hesap; mağaza; magaza; müşteri; musteri; çalışan;
    calisan; sahibi; sayfa; şirket; akun; toko; nama toko; pelanggan; karyawan; pemilik; halaman; perusahaan;
    boutique; employé; compte; kunde; mitarbeiter; konto; geschäft; sklep; klient; pracownik
    """
)
#: Those of an account, which is the user where no other is told.
_ACCOUNTS = names_in(
    """
    account; account name; аккаунт; акк; учетка; учётка; учетная запись; учётная запись; имя аккаунта;
    название аккаунта; акаунт; обліковий запис; 账户名称; 账号名称; cuenta; conta; hesap; akun; compte; konto
    """
)
_THINGS = names_in(
    """
    department; purchase; purchased on; purchase date; quantity; qty; amount; total; charged; balance; payment;
    payment method; paid; invoice; invoice number; discount; refund; duration; period; rental period; term; renewal;
    auto-renew; auto renew; auto-renewal; browser; antidetect; antidetect browser; platform; marketplace;
    social network; device; phone model; os; operating system; screen; resolution; canvas; webgl; webrtc; fonts;
    fingerprint; cookie; purpose; use case; folder; stage; daily limit; spend; spending; budget; niche; vertical;
    offer; task; project; campaign; pixel; category; item; item name; subscription; rating; warranty; guarantee;
    replacement; delivery; proxy count; count; ip count; ip type; ip version; proxy version; source; channel;
    schedule; priority; reason; connections; threads; max connections; ram; cpu; sim; sim card; modem;
    antidetect profile; покупка; куплено; количество; кол-во; колво; кол во; лимит; лимиты; списано; оплата; оплачено;
    способ оплаты; к оплате; баланс; сумма; итого; стоимость; скидка; возврат; чек; счет; счёт; номер заказа; заказ №;
    вид; вид прокси; тип ip; версия; версия ip; версия прокси; браузер; антидетект; антидетект браузер; антик;
    устройство; девайс; телефон модель; ос; операционная система; экран; разрешение; канвас; отпечаток; юзерагент;
    юзер агент; куки; площадка; платформа; маркетплейс; соцсеть; соц сеть; соц. сеть; отдел; команда; папка; тег;
    теги; метка; метки; задача; проект; примечание; примечания; коммент; комменты; назначение; цель; для чего;
    вертикаль; оффер; ниша; этап; стадия; бюджет; спенд; расход; расходы; дневной лимит; скорость; пинг; протоколы;
    поддерживаемые протоколы; автопродление; авто-продление; продление; продлить до; период; период аренды;
    срок аренды; срок оплаты; длительность; гарантия; замена; аутентификация; карта; сим; симка; сим-карта; модем;
    источник; категория; товар; наименование; услуга; рейтинг; отзыв; пуллинг; пул; подсеть; потоки; потоков;
    мессенджер; причина; приоритет; замовлення; кількість; термін; сплачено; сума; знижка; ціна; пристрій;
    призначення; мета; примітка; примітки; відділ; швидкість; тривалість; автопродовження; 平台; 环境编号; 浏览器;
    指纹浏览器; 数量; 价格; 单价; 总价; 金额; 余额; 费用; 付款; 支付; 支付方式; 付款方式; 折扣; 时长; 购买时间;
    购买日期; 开通时间; 用途; 分组; 订单; 设备; 系统; 操作系统; 分辨率; 指纹; 部门; 项目; 任务; 阶段; 限额; 预算;
    速度; 延迟; 版本; 线路; 带宽; 类目; 站点; 标签; 说明; 周期; ip类型; ip数量; 产品; 产品名称; 商品; 业务; 业务类型;
    自动续费; 续费; số lượng; đơn hàng; mã đơn; mã đơn hàng; thanh toán; đã thanh toán; tổng tiền; thành tiền; số dư;
    số tiền; giảm giá; gói; gói cước; thời gian; thời gian thuê; thời lượng; hạn dùng; trình duyệt; nền tảng;
    mục đích; máy; máy số; nhóm; thiết bị; hệ điều hành; tốc độ; bảo hành; gia hạn; tự động gia hạn; phòng ban; dự án;
    ngân sách; chi tiêu; phiên bản; sản phẩm; loại ip; ngày thuê; ngày hết; màn hình; độ phân giải; pedido; cantidad;
    pago; pagado; saldo; monto; descuento; navegador; plataforma; duración; duracion; vencimiento; dispositivo;
    compra; presupuesto; departamento; proyecto; propósito; velocidad; renovación; plan; quantidade; pagamento; plano;
    duração; duracao; orçamento; projeto; finalidade; velocidade; desconto; renovação; sipariş; siparis; adet; ödeme;
    odeme; bakiye; tutar; indirim; süre; sure; tarayıcı; tarayici; cihaz; amaç; bütçe; hız; proje; departman; pesanan;
    jumlah; pembayaran; diskon; durasi; peramban; perangkat; tujuan; anggaran; kecepatan; proyek; perpanjangan; menge;
    zahlung; laufzeit; gerät; commande; quantité; paiement; durée; navigateur; zamówienie; ilość; płatność;
    przeglądarka; urządzenie
    """
)
#: An address with a login that signs join on.
_WITH_LOGIN = re.compile(
    r"\S:[^\s@]{1,80}@[^\s@]{1,80}:[0-9]{2,5}(?!\w)|[\w\]]:[0-9]{2,5}[:@|;,][^\s:|;,]{1,80}[:|;,]\S"
)
_ANY = any_of({*_SOMEBODY, *_THINGS}, spaced)
#: A label at the beginning of its line, with its sign and a space; no space is needed behind one that is no user.
_LINE = LatePattern(
    rf"^[^\w\n]*(?:[0-9]{{1,3}}[.)][ \t]*)?(?P<name>{_ANY})(?:[ \t]*[(][^()\n]{{1,24}}[)])?(?:[ \t]?[#№])?"
    r"[*_\"'`]{0,3}(?P<join>[ \t]*[:=](?:[*_\"'`]{0,3}[ \t]+|(?<=[^\x00-\x7f]:))|[ \t]+[-–—][ \t]+)"
    r"(?P<value>[^\s:=][^\n]*)$",
    re.IGNORECASE | re.MULTILINE,
)


def names_somebody(name: str) -> bool:
    """Whether a label names a person, an account, or a shop."""
    return _with_spaces(name) in _SOMEBODY


def _with_spaces(name: str) -> str:
    return re.sub(r"[_-]", " ", name)


def accounts_in(plain: str, labels: Sequence[Label]) -> Iterator[str]:
    """The labels of accounts that may tell the proxy's user: by one word, where none else tells a user."""
    if any(each.part in (Part.USER, Part.LOGIN) for each in labels):
        return
    for each in labels:
        is_account = each.part is Part.OTHER and _with_spaces(each.name) in _ACCOUNTS
        if is_account and len(plain[each.start : each.end].split()) == 1:
            yield plain[each.begin : each.begin + len(each.name)]


def with_other_labels(plain: str, labels: Sequence[Label]) -> list[Label]:
    """The labels of a text with those of such lines, each with its value up to the next label in the line."""
    if ":" not in plain and "=" not in plain and "-" not in plain and "–" not in plain and "—" not in plain:
        return list(labels)
    others = list(_others(plain, sorted(labels, key=lambda each: each.begin)))
    kept = [each for each in labels if not any(other.begin <= each.begin < other.end for other in others)]
    return [*kept, *others]


def _others(plain: str, labels: Sequence[Label]) -> Iterator[Label]:
    matches = list(_LINE.compiled.finditer(plain))
    if not matches:
        return
    starts = [each.begin for each in labels]
    host = min((start for start, _, _ in find_hosts(plain, 0, len(plain))), default=len(plain))
    told = _WITH_LOGIN.search(plain) is not None
    has_password = told or any(each.part in (Part.PASSWORD, Part.LOGIN) for each in labels)
    for match in matches:
        start, end = match.span("value")
        at = bisect_left(starts, start)
        end = min(end, starts[at]) if at < len(starts) else end
        value, name = plain[start:end].rstrip(" \t,;|/&-–—"), match["name"].lower()
        if not value or _may_be_of_proxy(value) or (not has_password and is_password(value)):
            continue
        if told or not names_somebody(name) or host < match.start() or not _tells_login(labels[at : at + 1]):
            yield Label(Part.OTHER, match.start("name"), start, start + len(value), strict=True, name=name)


def _tells_login(following: Sequence[Label]) -> bool:
    """Whether a login follows, which may be somebody's own where no address stands before it."""
    return any(each.part in OF_LOGIN for each in following)


def _may_be_of_proxy(value: str) -> bool:
    """Whether there is an address in it, or a login: "Профиль: kate Pw1secret"."""
    words = value.split()
    pairs = any(":" in word.strip(":") for word in words) and any(map(is_password, re.split(r"[\s:]+", value)))
    return bool(find_addresses(value)) or "://" in value or pairs or (len(words) > 1 and any(map(is_password, words)))
