"""The word list for a pairing's three match words: short, simple words that are easy to distinguish."""

WORDS = """
acorn album alder almond amber anchor angle apple apron arch arrow aspen attic autumn awning badge bakery
ballad bamboo banjo barley barn basil basin basket beacon beaver beetle bench berry birch bishop bison blanket
blossom bonnet border bottle boulder bracket branch brass breeze brick bridge bronze brook bucket buckle bugle
butter button cabin cable cactus camel canal candle canoe canvas canyon caravan carbon cargo carpet carrot
castle cedar cellar cello chalk chapel cherry chestnut chimney cider cinnamon circle citron clarinet clay
cliff clover cobalt coffee comet compass copper coral cotton cradle crater cricket crocus crystal cupboard
curtain cypress dagger dahlia daisy damson dawn delta desert diamond dolphin domino donkey dragon drum dune
eagle easel echo eclipse elbow elder ember emerald engine falcon feather fennel fern ferry fiddle fig finch
flint flute forest fossil fountain fox garden garlic garnet geyser ginger glacier glove goblet goose granite
grape gravel hammer harbour harp hazel heather hedge heron hickory hollow honey horizon hornet iceberg indigo
iris island ivory ivy jacket jasmine jasper jigsaw juniper kettle kitten ladder lagoon lantern larch lark
laurel lava lavender lemon lentil lever lilac linen lion lizard lobster locket lotus lupin magnet mango maple
marble meadow melon mill mint mirror mitten monsoon moss mountain mulberry museum mustard nectar needle nettle
nickel nutmeg oak oasis oboe ocean olive onion opal orange orchard orchid otter oyster paddle palm panther
paper parade parsley peach pearl pebble pelican pepper piano pigeon pillow pine planet plum pocket pond poplar
poppy prism pumpkin puzzle pyramid quarry quartz quill rabbit radish raven reed ribbon river robin rocket
rosemary ruby saddle saffron sail salmon sandal sapphire scarf shadow shell silver sparrow spinach spruce
squirrel stable starling stone summit sunset swallow tablet tambourine teapot thistle thunder thyme tiger
timber topaz torch tower tulip tunnel turnip turtle umbrella valley vanilla velvet village violet violin
walnut walrus water willow window winter wolf yarrow zebra zenith
""".split()  # noqa: SIM905 (a list of 314 literals would be harder to read)
