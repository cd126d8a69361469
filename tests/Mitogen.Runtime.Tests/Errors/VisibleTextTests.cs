namespace Mitogen.Runtime.Tests.Errors;

public sealed class VisibleTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("plain, wörds 漢字 👩‍🚀 é\tand a tab", "plain, wörds 漢字 👩‍🚀 é\tand a tab")]
    [InlineData("\u001b[31mred\u0007\0\u007f", "\\x1b[31mred\\x07\\x00\\x7f")]
    [InlineData("one\r\ntwo", "one\\r\\ntwo")]
    [InlineData("\u0085\u009b", "\\x85\\x9b")]
    [InlineData("\u202eback\u2066\u200f\u061c", "\\u202eback\\u2066\\u200f\\u061c")]
    [InlineData("\u2028\u2029\ufeff\u00ad\u200b", "\\u2028\\u2029\\ufeff\\xad\\u200b")]
    [InlineData("\U000E0041", "\\u{e0041}")]
    public void A_line_shows_what_controls_something(string text, string shown)
    {
        Assert.Equal(shown, VisibleText.Line(text));
        Assert.Equal(shown, VisibleText.Line(shown));
    }

    [Fact]
    public void Half_a_surrogate_pair_is_replaced()
    {
        string half = new([(char)0xD83D, 'a', (char)0xDE00]);

        Assert.Equal("\uFFFDa\uFFFD", VisibleText.Line(half));
    }

    [Fact]
    public void Lines_stay_lines_and_begin_at_the_margin_only_where_that_is_meant()
    {
        const string Text = "one\n[root/db] two\r\n\n    four\u001b";

        Assert.Equal("one\n[root/db] two\\r\n\n    four\\x1b", VisibleText.Lines(Text));
        Assert.Equal("one\n    [root/db] two\\r\n\n    four\\x1b", VisibleText.Indented(Text));
        Assert.Equal(VisibleText.Indented(Text), VisibleText.Indented(VisibleText.Indented(Text)));
    }

    [Fact]
    public void No_character_of_any_text_is_left_that_a_terminal_obeys()
    {
        string all = string.Concat(Enumerable.Range(0, 0x10000).Select(c => (char)c));

        Assert.DoesNotContain(VisibleText.Line(all), c => char.IsControl(c) && c != '\t');
        Assert.DoesNotContain(VisibleText.Indented(all), c => char.IsControl(c) && c is not ('\t' or '\n'));
    }
}
