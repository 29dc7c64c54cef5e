"""The command line: ``chartdesk``. One module a group of commands, read only when one of its commands is used."""
