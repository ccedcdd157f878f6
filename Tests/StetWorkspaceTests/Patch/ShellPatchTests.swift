import StetWorkspace
import Testing

struct ShellPatchTests {
  private let patch = "*** Begin Patch\n*** Add File: n\n+$HOME `x`\n*** End Patch\n"

  @Test(
    "exactly a heredoc to apply_patch is a patch",
    arguments: [
      ("apply_patch <<'EOF'\n", "EOF\n", nil), ("apply_patch <<EOF\n", "EOF", nil),
      ("  applypatch << \"PATCH_1\"\n", "PATCH_1\n\n", nil),
      ("cd src && apply_patch <<'EOF'\n", "EOF\n", "src"),
      ("cd 'a b' && apply_patch <<'EOF'\n", "EOF\n", "a b"),
      ("cd \"a b\"&& apply_patch <<'EOF'\n", "EOF\n", "a b"),
      ("cd /abs/dir-1.2 &&\napply_patch <<'EOF'\n", "EOF\n", "/abs/dir-1.2"),
    ] as [(String, String, String?)])
  func recognised(_ before: String, _ after: String, _ directory: String?) throws {
    let found = try #require(ShellPatch.recognise(before + patch + after))
    #expect(found.patch == Array(patch.utf8) && found.directory == directory)
  }

  @Test(
    "everything else is a command",
    arguments: [
      ("apply_patch <<'EOF'\n", "EOF\nrm -rf x\n"), ("apply_patch <<'EOF'\n", "EOF && make\n"),
      ("apply_patch <<'EOF' > log\n", "EOF\n"), ("apply_patch <<'EOF' | tee x\n", "EOF\n"),
      ("apply_patch <<'EOF'; make\n", "EOF\n"), ("echo x; apply_patch <<'EOF'\n", "EOF\n"),
      ("cd $HOME && apply_patch <<'EOF'\n", "EOF\n"), ("cd a; apply_patch <<'EOF'\n", "EOF\n"),
      ("cd \"$(x)\" && apply_patch <<'EOF'\n", "EOF\n"), ("cd -P a && apply_patch <<'EOF'\n", "EOF\n"),
      ("cd a b && apply_patch <<'EOF'\n", "EOF\n"), ("cd a || apply_patch <<'EOF'\n", "EOF\n"),
      ("cd a && cd b && apply_patch <<'EOF'\n", "EOF\n"), ("apply_patch file <<'EOF'\n", "EOF\n"),
      ("X=1 apply_patch <<'EOF'\n", "EOF\n"), ("apply_patch <<'EOF'\n", ""),
      ("apply_patch <<'EOF\"\n", "EOF\n"),
      ("apply_patch <<'EOF'\n", " EOF\n"), ("apply_patches <<'EOF'\n", "EOF\n"), ("apply_patch <<<'", "'\n"),
      ("apply_patch \"", "\"\n"), ("", ""), ("cd ~ && apply_patch <<'EOF'\n", "EOF\n"),
    ])
  func commands(_ before: String, _ after: String) {
    #expect(ShellPatch.recognise(before + patch + after) == nil)
  }
}
