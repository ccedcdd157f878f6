/// The terminfo entry for 24-bit colour, which most systems do not install: ncurses takes it from the environment.
///
/// It names only what every terminal of the xterm family has had for years (xterm, VTE, kitty, alacritty, foot, iTerm2,
/// Windows Terminal, tmux, screen). Colours below 256 are the palette's, all others are red, green and blue. No
/// `bce`: some of them do not fill erased cells with the background colour.
enum DirectEntry {
  static let name = "stet-direct"

  /// The value of `TERMINFO` that makes ncurses find the entry.
  static var terminfo: String { "b64:" + compiled }

  /// What `tic -x` makes of the source in DirectEntryTests, in base 64; the test compiles it again and compares.
  private static let compiled = """
    HgI8AA8ADwBpAVACc3RldC1kaXJlY3R8MjQtYml0IGNvbG91ciBvbiBhIHRlcm1pbmFsIG9mIHRoZSB4dGVybSBmYW1pbHkAAAEAAAEAAA\
    AAAAAAAAEBAFAAAAD/////GAAAAP////////////////////////////////////////////////////8AAAAB/38AAP//AAACAAQA//8V\
    ABwAIAAkAP//LwBAAEIARgBNAP//TwBWAP//WgD//14AYgD//////////2YAawD//3QA////////eQB+AIMAiAD//5EAlQD/////ngCkAP\
    ////////////////////+qAP//////////////////////////////////////////////////////////////////////////////////\
    /////////////////////////////////////////////////////64AtwDAAMkA0gDbAOQA7QD2AP8A//////////////////////////\
    ///wgBCwEWARkBGwH/////////////////////////////////////////////////////HgEkAf//////////////////////////////\
    //////////////////////////////////////////////////////////////////////////////////////////////////////////\
    //////////////////////////////////////////////////////////////////////////////////////////////////////////\
    //////////////////////////////////////////////////////////////////8qAf////////////////////////////////////\
    ///////////////////////////////////y8B//////////////////////////////////84Af///////////////////////z0B////\
    //////////////////////////////////////////////////////////////////////////////////////////////9DAckBBwANAB\
    tbJWklcDElZDslcDIlZHIAG1tIG1tKABtbSwAbW0oAG1slaSVwMSVkRwAbWyVpJXAxJWQ7JXAyJWRIAAoAG1tIABtbPzI1bAAIABtbPzI1\
    aAAbW0MAG1tBABtbUAAbW00AG1sxbQAbWz8xMDQ5aAAbWzJtABtbN20AG1s3bQAbWzRtABtbJXAxJWRYABtbbQAbWz8xMDQ5bAAbWzI3bQ\
    AbWzI0bQAbW0wAG1slcDElZFAAG1slcDElZE0AG1slcDElZEIAG1slcDElZEAAG1slcDElZFMAG1slcDElZEwAG1slcDElZEQAG1slcDEl\
    ZEMAG1slcDElZFQAG1slcDElZEEAGzgAG1slaSVwMSVkZAAbNwAKABtNABtbPzdoABtbPzdsABtbMUsAG1szOTs0OW0AG1szbQAbWzIzbQ\
    AbWyU/JXAxJXs4fSU8JXQzJXAxJWQlZSVwMSV7MTZ9JTwldDklcDElezh9JS0lZCVlJXAxJXsyNTZ9JTwldDM4OzU7JXAxJWQlZTM4OzI7\
    JXAxJXs2NTUzNn0lLyVkOyVwMSV7MjU2fSUvJXsyNTV9JSYlZDslcDElezI1NX0lJiVkJTttABtbJT8lcDElezh9JTwldDQlcDElZCVlJX\
    AxJXsxNn0lPCV0MTAlcDElezh9JS0lZCVlJXAxJXsyNTZ9JTwldDQ4OzU7JXAxJWQlZTQ4OzI7JXAxJXs2NTUzNn0lLyVkOyVwMSV7MjU2\
    fSUvJXsyNTV9JSYlZDslcDElezI1NX0lJiVkJTttAAEAAAAAAAEABAABAAAAUkdCAA==
    """
}
