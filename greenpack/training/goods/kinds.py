"""The kinds of products: how large they come and how they may lie."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """Ranges of length, width and height in mm as packed upright; `flat` tops carry other goods.

    A kind that `can_lie` is tipped over: its height lies along x, its length along y.
    """

    length: tuple[float, float]
    width: tuple[float, float]
    height: tuple[float, float]
    flat: bool
    round: bool = False
    can_lie: bool = False
    sphere: bool = False


KINDS: dict[str, Kind] = {
    "box_printed": Kind((45, 280), (35, 200), (15, 220), True),
    "box_white": Kind((45, 260), (35, 200), (15, 200), True),
    "box_plain": Kind((60, 260), (40, 200), (20, 200), True),
    "book": Kind((150, 270), (105, 200), (8, 45), True),
    "bottle": Kind((42, 95), (42, 95), (110, 280), False, True, True),
    "jar": Kind((55, 110), (55, 110), (50, 140), True, True, True),
    "tube": Kind((38, 80), (38, 80), (90, 300), True, True, True),
    "plate": Kind((120, 270), (120, 270), (18, 38), False, True),
    "bag": Kind((110, 330), (90, 260), (22, 90), False),
    "shoe": Kind((235, 305), (88, 108), (85, 115), False),
    # Boxes by their look.
    "box_picture": Kind((60, 300), (45, 220), (20, 180), True),
    "box_pattern": Kind((45, 220), (40, 180), (20, 140), True),
    "box_gradient": Kind((50, 240), (40, 180), (15, 140), True),
    "box_metallic": Kind((50, 180), (40, 130), (20, 160), True),
    "box_black": Kind((50, 280), (40, 200), (15, 160), True),
    "box_kraft": Kind((60, 280), (45, 200), (20, 180), True),
    "box_phone": Kind((150, 175), (78, 95), (24, 62), True),
    "box_food": Kind((90, 260), (50, 190), (35, 120), True),
    "box_small": Kind((45, 95), (40, 90), (25, 70), True),
    "box_shoe": Kind((270, 350), (170, 230), (95, 130), True),
    "box_gift": Kind((70, 280), (60, 220), (25, 130), True),
    # Soft goods.
    "clothes": Kind((180, 340), (140, 270), (18, 85), True),
    "roll": Kind((60, 120), (60, 120), (180, 360), False, True, True),
    "polybag": Kind((190, 360), (150, 280), (16, 65), False),
    "polybag_print": Kind((120, 340), (100, 260), (14, 70), False),
    "snack": Kind((130, 280), (90, 200), (30, 80), False),
    "plush": Kind((120, 280), (90, 180), (70, 130), False),
    "shoes_pair": Kind((240, 310), (185, 225), (85, 120), False),
    # Kitchen and food.
    "plates": Kind((150, 270), (150, 270), (30, 110), False, True),
    "bowls": Kind((100, 210), (100, 210), (45, 130), False, True),
    "mug": Kind((105, 130), (78, 95), (80, 110), False),
    "can": Kind((55, 100), (55, 100), (40, 170), True, True, True),
    "tin": Kind((80, 260), (70, 190), (25, 110), True),
    "tub": Kind((60, 130), (60, 130), (45, 130), True, True),
    "candle": Kind((60, 110), (60, 110), (60, 120), False, True),
    "fruit_tray": Kind((150, 260), (110, 180), (55, 100), False),
    # Bottles and cosmetics.
    "glass_bottle": Kind((55, 95), (55, 95), (150, 320), False, True, True),
    "spray": Kind((85, 120), (50, 75), (190, 280), False, False, True),
    "pump": Kind((70, 100), (55, 85), (150, 230), False, False, True),
    "perfume": Kind((45, 85), (25, 50), (70, 130), False, False, True),
    "cosmetic_tube": Kind((90, 190), (38, 62), (25, 42), False),
    # Devices.
    "phone": Kind((135, 170), (65, 80), (7, 11), True),
    "tablet": Kind((200, 285), (135, 215), (6, 11), True),
    "keyboard": Kind((230, 450), (100, 150), (15, 32), False),
    "blister": Kind((120, 260), (90, 180), (20, 60), False),
    "charger": Kind((60, 110), (38, 60), (26, 45), False),
    "cable": Kind((85, 170), (75, 130), (14, 32), False),
    "headphones": Kind((160, 205), (150, 190), (38, 60), False),
    "batteries": Kind((50, 130), (48, 80), (12, 24), False),
    # Toys, tools, paper.
    "ball": Kind((60, 220), (60, 220), (60, 220), False, sphere=True),
    "blocks": Kind((70, 160), (50, 120), (35, 110), False),
    "car": Kind((70, 220), (38, 100), (30, 80), False),
    "frame": Kind((150, 320), (110, 260), (14, 30), False),
    "hammer": Kind((240, 330), (95, 135), (26, 36), False),
    "screwdriver": Kind((160, 260), (26, 36), (26, 36), False),
    "pens": Kind((135, 175), (25, 110), (9, 15), False),
    "magazine": Kind((210, 300), (150, 215), (3, 12), True),
    "book_standing": Kind((150, 270), (9, 48), (105, 195), True),
}
"""Every kind by name, in an order that random choices depend on: new ones go to the end."""
