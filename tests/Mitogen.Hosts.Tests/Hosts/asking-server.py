# An SSH server that lets nobody in, asks what it is told to, and writes down what it is answered.
import socket
import sys
import threading

import paramiko

methods, question = sys.argv[1], sys.argv[2].encode().decode("unicode_escape")
key = paramiko.ECDSAKey.generate()


class Asking(paramiko.ServerInterface):
    def get_allowed_auths(self, username):
        return methods

    def check_auth_publickey(self, username, key):
        return paramiko.AUTH_FAILED

    def check_auth_password(self, username, password):
        print("PASSWORD", repr(password), flush=True)
        return paramiko.AUTH_FAILED

    def check_auth_interactive(self, username, submethods):
        print("ASKED", flush=True)
        query = paramiko.server.InteractiveQuery("", "")
        query.add_prompt(question, False)
        return query

    def check_auth_interactive_response(self, responses):
        print("ANSWER", repr(responses), flush=True)
        return paramiko.AUTH_FAILED


def serve(connection):
    transport = paramiko.Transport(connection)
    transport.add_server_key(key)
    try:
        transport.start_server(server=Asking())
        transport.join()
    except Exception as e:
        print("ENDED", repr(e), flush=True)


listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen()
print("LISTENING", listener.getsockname()[1], key.get_name(), key.get_base64(), flush=True)
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
