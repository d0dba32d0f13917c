"""Numbers whose own rules hold them to be right."""

from __future__ import annotations

from random import Random

import phonenumbers
from stdnum import iban, luhn
from stdnum.il import idnr


def digits_of(number: str, rng: Random) -> str:  # noqa: PLR0911 - a return for each kind
    """A number of this kind, as its own rules want it."""

    def some(n: int) -> str:
        return "".join(rng.choice("0123456789") for _ in range(n))

    def checked(start: str, length: int) -> str:
        body = start + some(length - 1 - len(start))
        return body + luhn.calc_check_digit(body)

    def telephone(region: str, start: str, length: int) -> str:
        while True:
            made = start + some(length - len(start))
            if phonenumbers.is_valid_number(phonenumbers.parse(made, region)):
                return made

    match number:
        case "card":
            return checked(rng.choice(["4", "4580", "4557", "52", "5326", "55"]), 16)
        case "amex":
            return checked(rng.choice(["34", "37", "3755"]), 15)
        case "id":
            made = checked(rng.choice(["0", "2", "3", "03", "5"]), 9)
            return idnr.validate(made)
        case "iban":
            return _with_check(
                "IL", "0" + rng.choice(["10", "11", "12", "20", "31"]) + some(3) + "000" + some(9) + "0"
            )
        case "iban_gb":
            return _with_check("GB", rng.choice(["BARC", "LOYD", "NWBK"]) + some(14))
        case "mobile":
            return telephone("IL", rng.choice(["050", "052", "053", "054", "058"]), 10)
        case "landline":
            return telephone("IL", rng.choice(["02", "03", "04", "08", "09"]), 9)
        case "phone":
            return telephone("US", rng.choice(["212", "415", "617", "305", "773"]), 10)
        case "uk":
            return telephone("GB", "07", 11)
        case "abroad":
            return "972" + digits_of("mobile", rng)[1:]
    return some(
        {"account": 6, "account8": 8, "account10": 10, "otp": 6, "otp4": 4, "cvv": 3, "cvv4": 4}[number]
    )


def _with_check(country: str, rest: str) -> str:
    made = country + iban.calc_check_digits(country + "00" + rest) + rest
    return str(iban.validate(made))
