using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Threading.Channels;
using System.Xml;

namespace Mitogen.Calls;

/// <content>
/// Those of the operating system, the network and other libraries. Their names are written out, and each has a method of its own: the library is
/// loaded when its exception is thrown or arrives, and not before.
/// </content>
internal static partial class KnownExceptions
{
    private static Dictionary<string, KnownException> Libraries => new(StringComparer.Ordinal)
    {
        ["System.ComponentModel.Win32Exception"] = new(
            static (m, inner, d) => WithInner(new Win32Exception(d.Int32(nameof(Win32Exception.NativeErrorCode)), m), inner),
            static (e, d) => d[nameof(Win32Exception.NativeErrorCode)] = (e as Win32Exception)?.NativeErrorCode),
        ["System.Net.Http.HttpRequestException"] = new(CreateHttpRequest, DescribeHttpRequest),
        ["System.Net.Http.HttpIOException"] = new(
            static (m, inner, d) => new HttpIOException((HttpRequestError)d.Int32(nameof(HttpIOException.HttpRequestError)), Bare(m, HttpNote(d)), inner),
            static (e, d) => d[nameof(HttpIOException.HttpRequestError)] = (int?)(e as HttpIOException)?.HttpRequestError),
        ["System.Net.Sockets.SocketException"] = new(
            static (m, inner, d) => WithInner(new SocketException(d.Int32(nameof(SocketException.SocketErrorCode)), m), inner),
            static (e, d) => d[nameof(SocketException.SocketErrorCode)] = (int?)(e as SocketException)?.SocketErrorCode),
#pragma warning disable CA2201 // it stands for itself
        ["System.Runtime.InteropServices.ExternalException"] = new(static (m, inner, _) => new ExternalException(m, inner)),
#pragma warning restore CA2201
        ["System.Security.Authentication.AuthenticationException"] = new(static (m, inner, _) => new AuthenticationException(m, inner)),
        ["System.Security.Cryptography.CryptographicException"] = new(static (m, inner, _) => new CryptographicException(m, inner)),
        ["System.Security.SecurityException"] = new(static (m, inner, _) => new SecurityException(m, inner)),
        ["System.Text.Json.JsonException"] = new(CreateJson, DescribeJson),
        ["System.Text.RegularExpressions.RegexMatchTimeoutException"] = new(CreateRegexTimeout, DescribeRegexTimeout),
        ["System.Threading.Channels.ChannelClosedException"] = new(static (m, inner, _) => new ChannelClosedException(m, inner)),
        ["System.UriFormatException"] = new(static (m, inner, _) => WithInner(new UriFormatException(m), inner)),
        ["System.Xml.XmlException"] = new(CreateXml, DescribeXml),
    };

    private static HttpRequestException CreateHttpRequest(string message, Exception inner, ErrorDetails details) => new(
        (HttpRequestError)details.Int32(nameof(HttpRequestException.HttpRequestError)),
        message,
        inner,
        details[nameof(HttpRequestException.StatusCode)] is int status ? (HttpStatusCode)status : null);

    private static void DescribeHttpRequest(Exception error, ErrorDetails details)
    {
        if (error is HttpRequestException http)
        {
            details[nameof(http.HttpRequestError)] = (int)http.HttpRequestError;
            details[nameof(http.StatusCode)] = (int?)http.StatusCode;
        }
    }

    private static string HttpNote(ErrorDetails details) => $" ({(HttpRequestError)details.Int32(nameof(HttpIOException.HttpRequestError))})";

    private static JsonException CreateJson(string message, Exception inner, ErrorDetails details) => new(
        message,
        details.Text(nameof(JsonException.Path)),
        details.Int64(nameof(JsonException.LineNumber)),
        details.Int64(nameof(JsonException.BytePositionInLine)),
        inner);

    private static void DescribeJson(Exception error, ErrorDetails details)
    {
        if (error is JsonException json)
        {
            details[nameof(json.Path)] = json.Path;
            details[nameof(json.LineNumber)] = json.LineNumber;
            details[nameof(json.BytePositionInLine)] = json.BytePositionInLine;
        }
    }

    private static RegexMatchTimeoutException CreateRegexTimeout(string message, Exception inner, ErrorDetails details)
    {
        RegexMatchTimeoutException error = new(
            details.Text(nameof(RegexMatchTimeoutException.Input)) ?? "",
            details.Text(nameof(RegexMatchTimeoutException.Pattern)) ?? "",
            details[nameof(RegexMatchTimeoutException.MatchTimeout)] is TimeSpan time ? time : TimeSpan.Zero);
        return WithInner(WithMessage(error, message), inner);
    }

    private static void DescribeRegexTimeout(Exception error, ErrorDetails details)
    {
        if (error is RegexMatchTimeoutException regex)
        {
            details[nameof(regex.Input)] = regex.Input;
            details[nameof(regex.Pattern)] = regex.Pattern;
            details[nameof(regex.MatchTimeout)] = regex.MatchTimeout;
        }
    }

    private static XmlException CreateXml(string message, Exception inner, ErrorDetails details)
    {
        int line = details.Int32(nameof(XmlException.LineNumber));
        int position = details.Int32(nameof(XmlException.LinePosition));
        return new XmlException(Bare(message, $" Line {line}, position {position}."), inner, line, position);
    }

    private static void DescribeXml(Exception error, ErrorDetails details)
    {
        if (error is XmlException xml)
        {
            details[nameof(xml.LineNumber)] = xml.LineNumber;
            details[nameof(xml.LinePosition)] = xml.LinePosition;
        }
    }
}
