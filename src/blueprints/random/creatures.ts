const split = (words: string): readonly string[] => words.split(' ');

/** Names for environments that people have to tell each other: `brave-heron`. */
export const ADJECTIVES = split(
  'amber bold brave bright brisk calm clever copper crisp curious daring eager early fearless fleet gentle giddy golden grand happy hardy hidden humble ivory jolly keen kind lively lucky lunar mellow merry mighty misty modest nimble noble patient plucky polite proud quick quiet rapid rosy sandy sharp shiny silent silver sleepy sly snowy solar speedy steady stormy sturdy sunny swift tidy tiny tireless upbeat vivid warm wandering wise witty young zesty',
);

export const CREATURES = split(
  'albatross alpaca antelope armadillo badger basilisk beaver bison bobcat buffalo camel capybara caribou centaur chameleon cheetah chimera condor cougar coyote crane dolphin dormouse dragon eagle egret falcon ferret finch fox gazelle gecko giraffe griffin grouse hare hawk hedgehog heron hippogriff hydra ibex ibis iguana jackal jaguar kestrel kiwi koala kraken lemur leopard lynx magpie manatee marmot marten mongoose moose narwhal newt ocelot octopus orca osprey otter owl panther pegasus pelican penguin phoenix puffin quail raccoon raven salamander seal sphinx squirrel stork swan tapir tiger toucan turtle unicorn viper walrus weasel whale wolf wombat wren yak zebra',
);
